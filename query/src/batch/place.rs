//! Where attributes can be added to a `GeoJSON` feature without touching the rest of it.

/// Where new properties go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Right before the end of the object `properties`.
    Into {
        /// The closing brace.
        at: usize,
        /// Whether the object has no members.
        empty: bool,
    },
    /// Instead of a `properties` that is null.
    Instead {
        /// Where the null starts.
        start: usize,
        /// Where it ends.
        end: usize,
    },
    /// Before the end of the feature, which has no `properties`.
    Before {
        /// The closing brace of the feature.
        at: usize,
        /// Whether the feature has no members.
        empty: bool,
    },
}

/// Finds the place in the text of a feature, which is one JSON object.
pub(super) fn place(text: &[u8]) -> Option<Place> {
    let mut at = space(text, 0);
    if text.get(at) != Some(&b'{') {
        return None;
    }
    at = space(text, at + 1);
    let mut empty = true;
    while text.get(at) == Some(&b'"') {
        empty = false;
        let end = string(text, at)?;
        let name = &text[at + 1..end - 1];
        at = space(text, end);
        if text.get(at) != Some(&b':') {
            return None;
        }
        let start = space(text, at + 1);
        let end = value(text, start)?;
        if name == b"properties" {
            let body = &text[start..end];
            if body == b"null" {
                return Some(Place::Instead { start, end });
            }
            if body.first() == Some(&b'{') {
                let empty = space(text, start + 1) + 1 == end;
                return Some(Place::Into { at: end - 1, empty });
            }
            return None;
        }
        at = space(text, end);
        if text.get(at) == Some(&b',') {
            at = space(text, at + 1);
        }
    }
    (text.get(at) == Some(&b'}')).then_some(Place::Before { at, empty })
}

fn space(text: &[u8], mut at: usize) -> usize {
    while matches!(text.get(at), Some(b' ' | b'\t' | b'\r' | b'\n')) {
        at += 1;
    }
    at
}

/// After a string that begins at `at`.
fn string(text: &[u8], at: usize) -> Option<usize> {
    let mut at = at + 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// After a value that begins at `at`. The text was read as JSON before, so brackets are only counted.
fn value(text: &[u8], at: usize) -> Option<usize> {
    match text.get(at)? {
        b'"' => string(text, at),
        b'{' | b'[' => {
            let (mut at, mut depth) = (at, 0_usize);
            loop {
                match text.get(at)? {
                    b'"' => {
                        at = string(text, at)?;
                        continue;
                    }
                    b'{' | b'[' => depth += 1,
                    b'}' | b']' => {
                        depth -= 1;
                        if depth == 0 {
                            return Some(at + 1);
                        }
                    }
                    _ => {}
                }
                at += 1;
            }
        }
        _ => {
            let ends =
                |byte: &u8| matches!(byte, b',' | b'}' | b']' | b' ' | b'\t' | b'\r' | b'\n');
            let end = text[at..].iter().position(ends);
            Some(end.map_or(text.len(), |end| at + end))
        }
    }
}

#[cfg(test)]
mod tests {
    fn added(text: &str) -> Option<String> {
        let mut out = Vec::new();
        super::super::format::add_members(text.as_bytes(), b"\"x\":1", &mut out)
            .then(|| String::from_utf8(out).expect("UTF-8"))
    }

    #[test]
    fn members_go_into_the_properties_wherever_they_are() {
        let cases = [
            (
                r#"{"properties":{},"geometry":null}"#,
                r#"{"properties":{"x":1},"geometry":null}"#,
            ),
            (r#"{"properties": { } }"#, r#"{"properties": { "x":1} }"#),
            (
                r#"{"a":"}\"","properties":{"b":{"c":[1,"]"]}}}"#,
                r#"{"a":"}\"","properties":{"b":{"c":[1,"]"]},"x":1}}"#,
            ),
            (
                r#"{"id":7 , "properties":null}"#,
                r#"{"id":7 , "properties":{"x":1}}"#,
            ),
            (
                r#"{"geometry":{"properties":{}}}"#,
                r#"{"geometry":{"properties":{}},"properties":{"x":1}}"#,
            ),
            ("{}", r#"{"properties":{"x":1}}"#),
        ];
        for (text, expected) in cases {
            assert_eq!(added(text).as_deref(), Some(expected));
        }
        for text in [
            "",
            "[]",
            "{\"properties\":5}",
            "{\"a\"",
            "{\"a\":[",
            "{\"properties\":{\"a\\",
        ] {
            assert_eq!(added(text), None, "{text}");
        }
    }
}
