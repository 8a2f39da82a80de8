//! Thrift's compact protocol, as far as it takes to know what a Parquet file declares before anyone takes memory for it.

use crate::Problem;

/// Values in values.
const MOST_DEPTH: u32 = 32;
/// Groups in groups of a schema.
const MOST_GROUPS: usize = 64;

const LIST: u8 = 9;
const STRUCT: u8 = 12;

/// Bytes that are walked over. Everything is `None` where they end early or make no sense.
#[derive(Debug, Clone, Copy)]
pub(super) struct Thrift<'a> {
    bytes: &'a [u8],
    pub(super) at: usize,
}

impl<'a> Thrift<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    /// A whole number.
    pub(super) fn number(&mut self) -> Option<i64> {
        let value = self.varint()?;
        Some((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    fn pass(&mut self, count: u64) -> Option<()> {
        let end = self.at.checked_add(usize::try_from(count).ok()?)?;
        (end <= self.bytes.len()).then(|| self.at = end)
    }

    /// Walks over a structure. `each` gets the number and kind of a field and says whether it took it.
    pub(super) fn fields(
        &mut self,
        depth: u32,
        mut each: impl FnMut(&mut Self, i64, u8) -> Option<bool>,
    ) -> Option<()> {
        let mut id = 0;
        loop {
            let head = self.byte()?;
            let kind = head & 0x0F;
            if kind == 0 {
                return Some(());
            }
            id = match head >> 4 {
                0 => self.number()?,
                more => id + i64::from(more),
            };
            if !each(self, id, kind)? {
                self.skip(kind, depth + 1)?;
            }
        }
    }

    /// The head of a list: how many values of what kind. There are as many bytes.
    fn list(&mut self) -> Option<(u64, u8)> {
        let head = self.byte()?;
        let count = match head >> 4 {
            15 => self.varint()?,
            few => u64::from(few),
        };
        let left = (self.bytes.len() - self.at) as u64;
        (count <= left).then_some((count, head & 0x0F))
    }

    fn skip(&mut self, kind: u8, depth: u32) -> Option<()> {
        if depth > MOST_DEPTH {
            return None;
        }
        match kind {
            // Truth values stand in the head of their field.
            1 | 2 => Some(()),
            3 => self.pass(1),
            4..=6 => self.varint().map(drop),
            7 => self.pass(8),
            8 => {
                let length = self.varint()?;
                self.pass(length)
            }
            LIST | 10 => {
                let (count, kind) = self.list()?;
                let start = self.at;
                for _ in 0..count {
                    match kind {
                        1 | 2 => self.pass(1)?,
                        kind => self.skip(kind, depth + 1)?,
                    }
                }
                // No structure of these files is without a field: what takes memory for each is not fooled by empty ones.
                (kind != STRUCT || (self.at - start) as u64 >= 3 * count).then_some(())
            }
            11 => {
                let count = self.varint()?;
                if count == 0 {
                    return Some(());
                }
                let kinds = self.byte()?;
                for _ in 0..count {
                    self.skip(kinds >> 4, depth + 1)?;
                    self.skip(kinds & 0x0F, depth + 1)?;
                }
                Some(())
            }
            STRUCT => self.fields(depth, |_, _, _| Some(false)),
            13 => self.pass(16),
            _ => None,
        }
    }

    /// The children that each element of a schema says it has.
    fn schema(&mut self) -> Option<Vec<u64>> {
        let (count, kind) = self.list()?;
        let mut children = Vec::new();
        for _ in 0..count {
            let mut of = 0;
            (kind == STRUCT).then_some(())?;
            self.fields(0, |thrift, id, kind| {
                if (id, kind) != (5, 5) {
                    return Some(false);
                }
                of = u64::try_from(thrift.number()?).ok()?;
                Some(true)
            })?;
            children.push(of);
        }
        Some(children)
    }
}

/// Checks the metadata of a file: no list is longer than its bytes, and the schema is a tree that is not too deep.
pub(super) fn check_footer(bytes: &[u8]) -> Result<(), Problem> {
    let mut schema = None;
    let walked = Thrift::new(bytes).fields(0, |thrift, id, kind| {
        if (id, kind) != (2, LIST) {
            return Some(false);
        }
        schema = Some(thrift.schema()?);
        Some(true)
    });
    let damaged = |found: &str, expected: &str| {
        Err(Problem::damaged("the metadata of Parquet", found, expected))
    };
    let Some(schema) = schema.filter(|_| walked.is_some()) else {
        return damaged(
            "bytes that do not fit together",
            "lists as long as they say",
        );
    };
    // The children that are still to come of each group that is open.
    let mut open: Vec<u64> = Vec::new();
    for (number, children) in schema.iter().enumerate() {
        if number > 0 {
            let Some(last) = open.last_mut() else {
                return damaged("columns outside the schema", "one tree of columns");
            };
            *last -= 1;
        }
        open.push(*children);
        if *children > schema.len() as u64 {
            return damaged("more columns than are described", "as many as there are");
        }
        if open.len() > MOST_GROUPS {
            return Err(Problem::TooDeep { most: MOST_GROUPS });
        }
        while open.last() == Some(&0) {
            open.pop();
        }
    }
    if open.is_empty() {
        Ok(())
    } else {
        damaged("a schema that ends early", "all its columns")
    }
}

/// How a page begins.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct PageHead {
    /// Bytes of the head itself.
    pub(super) bytes: usize,
    /// 0 and 3: values, 2: a dictionary.
    pub(super) kind: i64,
    pub(super) unpacked: i64,
    pub(super) packed: i64,
    pub(super) values: i64,
    pub(super) encoding: i64,
    /// How definition levels of the first version are encoded.
    pub(super) levels: i64,
    /// Of the second version: nulls, rows, bytes of the levels, whether it is packed.
    pub(super) nulls: i64,
    pub(super) rows: i64,
    pub(super) level_bytes: [i64; 2],
    pub(super) is_packed: bool,
}

impl PageHead {
    /// Reads the head that `bytes` begin with; `None` where they end within it or are none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let mut head = Self {
            is_packed: true,
            ..Self::default()
        };
        let mut thrift = Thrift::new(bytes);
        thrift.fields(0, |thrift, id, kind| {
            match (id, kind) {
                (1, 5) => head.kind = thrift.number()?,
                (2, 5) => head.unpacked = thrift.number()?,
                (3, 5) => head.packed = thrift.number()?,
                (5 | 7, STRUCT) => thrift.fields(1, |thrift, id, kind| {
                    match (id, kind) {
                        (1, 5) => head.values = thrift.number()?,
                        (2, 5) => head.encoding = thrift.number()?,
                        (3, 5) => head.levels = thrift.number()?,
                        _ => return Some(false),
                    }
                    Some(true)
                })?,
                (8, STRUCT) => thrift.fields(1, |thrift, id, kind| {
                    match (id, kind) {
                        (1, 5) => head.values = thrift.number()?,
                        (2, 5) => head.nulls = thrift.number()?,
                        (3, 5) => head.rows = thrift.number()?,
                        (4, 5) => head.encoding = thrift.number()?,
                        (5, 5) => head.level_bytes[0] = thrift.number()?,
                        (6, 5) => head.level_bytes[1] = thrift.number()?,
                        (7, 1 | 2) => head.is_packed = kind == 1,
                        _ => return Some(false),
                    }
                    Some(true)
                })?,
                _ => return Some(false),
            }
            Some(true)
        })?;
        head.bytes = thrift.at;
        Some(head)
    }
}

/// Passes over the whole numbers of a delta encoding: how many it declares, and where it ends.
pub(super) fn deltas(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut thrift = Thrift::new(bytes);
    let (block, parts, count) = (thrift.varint()?, thrift.varint()?, thrift.varint()?);
    thrift.varint()?;
    let of_part = block.checked_div(parts)?;
    if of_part == 0 {
        return None;
    }
    let mut left = count.saturating_sub(1);
    while left > 0 {
        thrift.varint()?;
        let widths = thrift.at;
        thrift.pass(parts)?;
        for part in 0..usize::try_from(parts).ok()? {
            if left == 0 {
                break;
            }
            let width = u64::from(*bytes.get(widths + part)?);
            // The last part may be cut.
            let most = (bytes.len() - thrift.at) as u64;
            thrift.pass((width.saturating_mul(of_part) / 8).min(most))?;
            left = left.saturating_sub(of_part);
        }
    }
    Some((count, thrift.at))
}
