//! Protocol buffers, as far as tiles use them.

use super::ErrorKind;

/// Bytes of a message, read from the front.
#[derive(Debug, Clone, Copy)]
pub(super) struct Message<'b>(pub(super) &'b [u8]);

/// A field of a message.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'b> {
    pub(super) number: u64,
    content: Content<'b>,
}

#[derive(Debug, Clone, Copy)]
enum Content<'b> {
    Varint(u64),
    Fixed64([u8; 8]),
    Bytes(&'b [u8]),
    Fixed32([u8; 4]),
}

impl<'b> Message<'b> {
    /// The next field, `None` at the end.
    pub(super) fn field(&mut self) -> Result<Option<Field<'b>>, ErrorKind> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let tag = varint(&mut self.0, "a field")?;
        let number = tag >> 3;
        if number == 0 {
            return Err(ErrorKind::FieldZero);
        }
        let content = match (tag & 7) as u8 {
            0 => Content::Varint(varint(&mut self.0, "a number")?),
            1 => Content::Fixed64(self.fixed()?),
            2 => {
                let length = varint(&mut self.0, "a length")?;
                let whole = usize::try_from(length)
                    .ok()
                    .and_then(|length| self.0.split_at_checked(length));
                let (bytes, rest) = whole.ok_or(ErrorKind::Short("a field"))?;
                self.0 = rest;
                Content::Bytes(bytes)
            }
            5 => Content::Fixed32(self.fixed()?),
            other => return Err(ErrorKind::UnknownWireType(other)),
        };
        Ok(Some(Field { number, content }))
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], ErrorKind> {
        let (bytes, rest) = self
            .0
            .split_first_chunk()
            .ok_or(ErrorKind::Short("a number"))?;
        self.0 = rest;
        Ok(*bytes)
    }
}

impl<'b> Field<'b> {
    fn wrong(self, field: &'static str, expected: u8) -> ErrorKind {
        let found = match self.content {
            Content::Varint(_) => 0,
            Content::Fixed64(_) => 1,
            Content::Bytes(_) => 2,
            Content::Fixed32(_) => 5,
        };
        ErrorKind::WireType {
            field,
            found,
            expected,
        }
    }

    pub(super) fn varint(self, name: &'static str) -> Result<u64, ErrorKind> {
        match self.content {
            Content::Varint(number) => Ok(number),
            _ => Err(self.wrong(name, 0)),
        }
    }

    pub(super) fn u32(self, name: &'static str) -> Result<u32, ErrorKind> {
        u32::try_from(self.varint(name)?).map_err(|_| ErrorKind::TooLarge(name))
    }

    pub(super) fn bytes(self, name: &'static str) -> Result<&'b [u8], ErrorKind> {
        match self.content {
            Content::Bytes(bytes) => Ok(bytes),
            _ => Err(self.wrong(name, 2)),
        }
    }

    pub(super) fn text(self, name: &'static str) -> Result<&'b str, ErrorKind> {
        std::str::from_utf8(self.bytes(name)?).map_err(|_| ErrorKind::NotUtf8(name))
    }

    pub(super) fn float(self, name: &'static str) -> Result<f32, ErrorKind> {
        match self.content {
            Content::Fixed32(bytes) => Ok(f32::from_le_bytes(bytes)),
            _ => Err(self.wrong(name, 5)),
        }
    }

    pub(super) fn double(self, name: &'static str) -> Result<f64, ErrorKind> {
        match self.content {
            Content::Fixed64(bytes) => Ok(f64::from_le_bytes(bytes)),
            _ => Err(self.wrong(name, 1)),
        }
    }
}

/// A number of at most 64 bits.
pub(super) fn varint(bytes: &mut &[u8], inside: &'static str) -> Result<u64, ErrorKind> {
    let mut number = 0_u64;
    for (place, &byte) in bytes.iter().enumerate().take(10) {
        let digit = u64::from(byte & 0x7f);
        if place == 9 && digit > 1 {
            return Err(ErrorKind::TooLarge(inside));
        }
        number |= digit << (7 * place);
        if byte & 0x80 == 0 {
            *bytes = &bytes[place + 1..];
            return Ok(number);
        }
    }
    if bytes.len() < 10 {
        Err(ErrorKind::Short(inside))
    } else {
        Err(ErrorKind::TooLarge(inside))
    }
}

/// Packed numbers of 32 bits.
pub(super) fn packed(mut bytes: &[u8], name: &'static str) -> Result<Vec<u32>, ErrorKind> {
    // A number has a byte at least.
    let mut numbers = Vec::with_capacity(bytes.len() / 2);
    while !bytes.is_empty() {
        let number = varint(&mut bytes, name)?;
        numbers.push(u32::try_from(number).map_err(|_| ErrorKind::TooLarge(name))?);
    }
    Ok(numbers)
}

/// Undoes zigzag.
pub(super) fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -((number & 1).cast_signed())
}
