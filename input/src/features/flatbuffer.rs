//! Tables of `FlatBuffers`, read where they lie: every offset is checked, nothing is allocated.

/// A table in a buffer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<'a> {
    buffer: &'a [u8],
    at: usize,
}

fn array<const N: usize>(buffer: &[u8], at: usize) -> Option<[u8; N]> {
    buffer.get(at..)?.first_chunk::<N>().copied()
}

fn u32_at(buffer: &[u8], at: usize) -> Option<usize> {
    usize::try_from(u32::from_le_bytes(array(buffer, at)?)).ok()
}

impl<'a> Table<'a> {
    /// The root of a buffer.
    pub(super) fn root(buffer: &'a [u8]) -> Option<Self> {
        let at = u32_at(buffer, 0)?;
        let table = Self { buffer, at };
        table.fields().map(|_| table)
    }

    /// The table of fields and its length.
    fn fields(&self) -> Option<(usize, usize)> {
        let back = i32::from_le_bytes(array(self.buffer, self.at)?);
        let fields = i64::try_from(self.at).ok()? - i64::from(back);
        let fields = usize::try_from(fields).ok()?;
        let length = u16::from_le_bytes(array(self.buffer, fields)?);
        Some((fields, length.into()))
    }

    /// Where field `number` is; `None` when it has its default value.
    fn field(&self, number: usize) -> Option<usize> {
        let (fields, length) = self.fields()?;
        let entry = 4 + 2 * number;
        if entry + 2 > length {
            return None;
        }
        match u16::from_le_bytes(array(self.buffer, fields + entry)?) {
            0 => None,
            offset => Some(self.at + usize::from(offset)),
        }
    }

    /// A scalar as its bytes.
    pub(super) fn scalar<const N: usize>(&self, number: usize) -> Option<[u8; N]> {
        array(self.buffer, self.field(number)?)
    }

    /// Where what field `number` refers to is.
    fn target(&self, number: usize) -> Option<usize> {
        let at = self.field(number)?;
        at.checked_add(u32_at(self.buffer, at)?)
    }

    /// The items of a vector, as bytes, `size` each.
    pub(super) fn vector(&self, number: usize, size: usize) -> Option<&'a [u8]> {
        let at = self.target(number)?;
        let bytes = u32_at(self.buffer, at)?.checked_mul(size)?;
        self.buffer.get(at + 4..)?.get(..bytes)
    }

    /// A string; `None` also when it is not UTF-8.
    pub(super) fn text(&self, number: usize) -> Option<&'a str> {
        std::str::from_utf8(self.vector(number, 1)?).ok()
    }

    /// A table in this one.
    pub(super) fn table(&self, number: usize) -> Option<Self> {
        let at = self.target(number)?;
        let table = Self { at, ..*self };
        table.fields().map(|_| table)
    }

    /// The tables of a vector of tables; `None` for one that is not in the buffer.
    pub(super) fn tables(&self, number: usize) -> impl Iterator<Item = Option<Self>> + use<'a> {
        let buffer = self.buffer;
        let start = self.target(number).map(|at| at + 4);
        let count = self.vector(number, 4).map_or(0, |items| items.len() / 4);
        (0..count).map(move |index| {
            let at = start? + 4 * index;
            let at = at.checked_add(u32_at(buffer, at)?)?;
            let table = Self { buffer, at };
            table.fields().map(|_| table)
        })
    }
}
