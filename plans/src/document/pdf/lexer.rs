//! Bytes as values and words (ISO 32000-1, section 7.2), in files, in content and in character maps.

use super::object::{Dictionary, Object};

/// Arrays and dictionaries inside one another. Files in use have less than ten.
const MOST_DEPTH: usize = 64;
/// Elements of one value, with those inside it. The widths of a font of all of Unicode are a tenth of it.
const MOST_ELEMENTS: usize = 1 << 20;

/// What stands next.
#[derive(Debug, PartialEq)]
pub(super) enum Item<'a> {
    Value(Object),
    /// A word that is no value: an operator, `obj`, `endstream`.
    Word(&'a [u8]),
}

/// Why nothing more is read.
#[derive(Debug, PartialEq)]
pub(super) enum Stop {
    End,
    /// An array, a dictionary or a string without its end, or with the end of another.
    Unclosed,
    TooDeep,
    TooLong,
}

impl Stop {
    pub(super) fn reason(&self) -> &'static str {
        match self {
            Self::End => "the file ends",
            Self::Unclosed => "a value is not closed",
            Self::TooDeep => "more than 64 arrays inside one another",
            Self::TooLong => "a value of more than a million elements",
        }
    }
}

enum Token<'a> {
    Value(Object),
    Word(&'a [u8]),
    OpenArray,
    CloseArray,
    OpenDictionary,
    CloseDictionary,
}

/// Reads values one after another.
pub(super) struct Lexer<'a> {
    bytes: &'a [u8],
    pub at: usize,
    /// Whether `1 0 R` is a reference: it is none in content.
    references: bool,
}

/// An array or a dictionary that is open.
struct Open {
    is_array: bool,
    elements: Vec<Object>,
}

impl<'a> Lexer<'a> {
    /// Reads what a file is made of.
    pub(super) fn of_file(bytes: &'a [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            references: true,
        }
    }

    /// Reads the operators of a page, or a character map.
    pub(super) fn of_content(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            references: false,
        }
    }

    /// The next value or word.
    pub(super) fn item(&mut self) -> Result<Item<'a>, Stop> {
        let mut open: Vec<Open> = Vec::new();
        let mut count = 0;
        loop {
            let token = match self.token() {
                Err(Stop::End) if !open.is_empty() => return Err(Stop::Unclosed),
                token => token?,
            };
            let value = match token {
                Token::OpenArray | Token::OpenDictionary => {
                    if open.len() >= MOST_DEPTH {
                        return Err(Stop::TooDeep);
                    }
                    open.push(Open {
                        is_array: matches!(token, Token::OpenArray),
                        elements: Vec::new(),
                    });
                    continue;
                }
                Token::CloseArray | Token::CloseDictionary => {
                    let is_array = matches!(token, Token::CloseArray);
                    match open.pop() {
                        Some(closed) if closed.is_array == is_array => closed.value(),
                        _ => return Err(Stop::Unclosed),
                    }
                }
                Token::Word(b"R") if self.references => {
                    if let Some(parent) = open.last_mut() {
                        parent.refer();
                    }
                    continue;
                }
                Token::Word(word) => match (open.is_empty(), constant(word)) {
                    (_, Some(constant)) => constant,
                    (true, None) => return Ok(Item::Word(word)),
                    // No value has a word in it: what is open is never closed.
                    (false, None) => return Err(Stop::Unclosed),
                },
                Token::Value(value) => value,
            };
            let Some(parent) = open.last_mut() else {
                return Ok(Item::Value(self.reference(value)));
            };
            parent.elements.push(value);
            count += 1;
            if count > MOST_ELEMENTS {
                return Err(Stop::TooLong);
            }
        }
    }

    /// The next value of a file; a word is an error.
    pub(super) fn value(&mut self) -> Result<Object, Stop> {
        match self.item()? {
            Item::Value(value) => Ok(value),
            Item::Word(_) => Err(Stop::Unclosed),
        }
    }

    /// The next item when it is a whole number that is not negative.
    pub(super) fn size(&mut self) -> Option<usize> {
        match self.token() {
            Ok(Token::Value(number)) => number.size(),
            _ => None,
        }
    }

    /// Whether a word stands next; it is taken when it does.
    pub(super) fn takes(&mut self, word: &[u8]) -> bool {
        let before = self.at;
        let found = matches!(self.token(), Ok(Token::Word(next)) if next == word);
        if !found {
            self.at = before;
        }
        found
    }

    /// A value outside of arrays; a number may be the first of a reference.
    fn reference(&mut self, value: Object) -> Object {
        let Some(number) = value
            .integer()
            .filter(|_| self.references)
            .and_then(|number| u32::try_from(number).ok())
        else {
            return value;
        };
        let before = self.at;
        if self.size().is_some() && self.takes(b"R") {
            return Object::Reference(number);
        }
        self.at = before;
        value
    }

    /// Goes past white space and comments.
    pub(super) fn skip_blank(&mut self) {
        while let Some(&byte) = self.bytes.get(self.at) {
            if byte == b'%' {
                while !matches!(self.bytes.get(self.at), None | Some(b'\n' | b'\r')) {
                    self.at += 1;
                }
            } else if is_blank(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    fn token(&mut self) -> Result<Token<'a>, Stop> {
        self.skip_blank();
        let bytes = self.bytes;
        let rest = bytes.get(self.at..).unwrap_or_default();
        let (token, length) = match rest {
            [] => return Err(Stop::End),
            [b'<', b'<', ..] => (Token::OpenDictionary, 2),
            [b'>', b'>', ..] => (Token::CloseDictionary, 2),
            [b'[', ..] => (Token::OpenArray, 1),
            [b']', ..] => (Token::CloseArray, 1),
            [b'(', ..] => return self.string().map(Token::Value),
            [b'<', ..] => return self.hexadecimal().map(Token::Value),
            [b'/', name @ ..] => {
                let length = regular(name);
                (
                    Token::Value(Object::Name(unescaped(&name[..length]))),
                    1 + length,
                )
            }
            [b')' | b'>' | b'{' | b'}', ..] => (Token::Word(&rest[..1]), 1),
            _ => {
                let word = &rest[..regular(rest)];
                let token = match word.first() {
                    Some(b'0'..=b'9' | b'+' | b'-' | b'.') => Token::Value(number(word)),
                    _ => Token::Word(word),
                };
                (token, word.len())
            }
        };
        self.at += length;
        Ok(token)
    }

    /// A string in parentheses, which may have balanced ones inside.
    fn string(&mut self) -> Result<Object, Stop> {
        let mut found = Vec::new();
        let mut depth = 0_usize;
        let bytes = self.bytes;
        let mut rest = bytes.get(self.at..).unwrap_or_default().iter().enumerate();
        while let Some((at, &byte)) = rest.next() {
            match byte {
                b'(' => {
                    depth += 1;
                    if depth == 1 {
                        continue;
                    }
                }
                b')' => {
                    depth -= 1;
                    if depth == 0 {
                        self.at += at + 1;
                        return Ok(Object::Text(found));
                    }
                }
                b'\\' => {
                    let Some((_, &escaped)) = rest.next() else {
                        break;
                    };
                    match escaped {
                        b'n' => found.push(b'\n'),
                        b'r' => found.push(b'\r'),
                        b't' => found.push(b'\t'),
                        b'b' => found.push(8),
                        b'f' => found.push(12),
                        b'\n' => {}
                        b'\r' => {
                            let mut ahead = rest.clone();
                            if matches!(ahead.next(), Some((_, b'\n'))) {
                                rest = ahead;
                            }
                        }
                        b'0'..=b'7' => {
                            let mut code = escaped - b'0';
                            for _ in 0..2 {
                                let mut ahead = rest.clone();
                                let Some((_, &digit @ b'0'..=b'7')) = ahead.next() else {
                                    break;
                                };
                                code = code.wrapping_mul(8).wrapping_add(digit - b'0');
                                rest = ahead;
                            }
                            found.push(code);
                        }
                        other => found.push(other),
                    }
                    continue;
                }
                _ => {}
            }
            found.push(byte);
        }
        self.at = bytes.len();
        Err(Stop::Unclosed)
    }

    /// A string of hexadecimal digits.
    fn hexadecimal(&mut self) -> Result<Object, Stop> {
        let rest = self.bytes.get(self.at + 1..).unwrap_or_default();
        let Some(end) = rest.iter().position(|byte| *byte == b'>') else {
            self.at = self.bytes.len();
            return Err(Stop::Unclosed);
        };
        self.at += end + 2;
        Ok(Object::Text(from_hexadecimal(&rest[..end])))
    }
}

impl Open {
    fn value(self) -> Object {
        if self.is_array {
            return Object::Array(self.elements);
        }
        let mut entries = Dictionary::new();
        let mut elements = self.elements.into_iter();
        while let (Some(name), Some(value)) = (elements.next(), elements.next()) {
            if let Object::Name(name) = name {
                entries.insert(name, value);
            }
        }
        Object::Dictionary(entries)
    }

    /// Makes a reference of the last two numbers.
    fn refer(&mut self) {
        if let [.., Object::Integer(number), Object::Integer(_)] = self.elements[..]
            && let Ok(number) = u32::try_from(number)
        {
            self.elements.truncate(self.elements.len() - 2);
            self.elements.push(Object::Reference(number));
        }
    }
}

/// The bytes of hexadecimal digits; what is no digit is passed over, and a last digit alone has a zero after it.
pub(super) fn from_hexadecimal(digits: &[u8]) -> Vec<u8> {
    let digits = digits
        .iter()
        .filter_map(|digit| char::from(*digit).to_digit(16))
        .filter_map(|digit| u8::try_from(digit).ok());
    let mut bytes = Vec::new();
    let mut high = None;
    for digit in digits {
        match high.take() {
            Some(high) => bytes.push(high << 4 | digit),
            None => high = Some(digit),
        }
    }
    bytes.extend(high.map(|high| high << 4));
    bytes
}

pub(super) fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

fn is_delimiter(byte: u8) -> bool {
    matches!(
        byte,
        b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%'
    )
}

/// How many bytes belong to one word.
fn regular(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .position(|byte| is_blank(*byte) || is_delimiter(*byte))
        .unwrap_or(bytes.len())
}

fn constant(word: &[u8]) -> Option<Object> {
    match word {
        b"null" | b"true" => Some(Object::Null),
        b"false" => Some(Object::False),
        _ => None,
    }
}

/// A number; what only begins as one is zero.
fn number(word: &[u8]) -> Object {
    let text = std::str::from_utf8(word).unwrap_or_default();
    if let Ok(number) = text.parse() {
        return Object::Integer(number);
    }
    match text.parse::<f64>() {
        Ok(number) if number.is_finite() => Object::Real(number),
        _ => Object::Integer(0),
    }
}

/// A name with its `#20` made characters.
fn unescaped(name: &[u8]) -> Vec<u8> {
    let mut found = Vec::with_capacity(name.len());
    let mut rest = name;
    while let [byte, after @ ..] = rest {
        if let (b'#', Some(digits)) = (byte, after.get(..2))
            && digits.iter().all(u8::is_ascii_hexdigit)
        {
            found.extend(from_hexadecimal(digits));
            rest = &after[2..];
        } else {
            found.push(*byte);
            rest = after;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(bytes: &[u8]) -> Result<Object, Stop> {
        Lexer::of_file(bytes, 0).value()
    }

    #[test]
    fn values_are_read_as_the_standard_writes_them() {
        let text = |bytes: &[u8]| Ok(Object::Text(bytes.to_vec()));
        assert_eq!(value(b" %a\n-12"), Ok(Object::Integer(-12)));
        assert_eq!(value(b"+.5"), Ok(Object::Real(0.5)));
        assert_eq!(value(b"99999999999"), Ok(Object::Real(99_999_999_999.0)));
        assert_eq!(
            value(b"(a(b)\\)\\\\\\101\\5\\\nc\\\r\nd)"),
            text(b"a(b))\\A\x05cd")
        );
        assert_eq!(value(b"<4 1 4>"), text(b"A@"));
        assert_eq!(value(b"/A#20#4"), Ok(Object::Name(b"A #4".to_vec())));
        assert_eq!(value(b"12 0 R"), Ok(Object::Reference(12)));
        let Ok(Object::Dictionary(entries)) = value(b"<</A[1 2 0 R/B]/C<</D null>>>>") else {
            panic!("a dictionary");
        };
        let elements = [
            Object::Integer(1),
            Object::Reference(2),
            Object::Name(b"B".to_vec()),
        ];
        assert_eq!(entries[&b"A"[..]], Object::Array(elements.to_vec()));
    }

    #[test]
    fn what_is_not_closed_or_too_deep_is_no_value() {
        for bytes in [&b"[1 2"[..], b"<</A 1]", b"(a(b)", b"<41", b"]", b"[ obj ]"] {
            assert_eq!(value(bytes), Err(Stop::Unclosed), "{bytes:?}");
        }
        assert_eq!(value(&b"[".repeat(1 << 16)), Err(Stop::TooDeep));
        assert_eq!(value(b" "), Err(Stop::End));
    }
}
