//! Sorts more byte strings than fit into memory.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

/// Runs merged at once; each has a read buffer.
const READ_BUFFER: usize = 64 * 1024;

/// Takes byte strings in any order and gives them back in order. What exceeds the budget waits in
/// unnamed temporary files, which vanish with the process.
pub(super) struct Sorter {
    bytes: Vec<u8>,
    records: Vec<(u32, u32)>,
    runs: Vec<File>,
    budget: usize,
}

impl Sorter {
    /// A sorter that holds about `budget` bytes in memory.
    pub(super) fn new(budget: usize) -> Self {
        Self {
            bytes: Vec::new(),
            records: Vec::new(),
            runs: Vec::new(),
            // Offsets are 32 bits wide.
            budget: budget.min(1 << 30),
        }
    }

    /// Adds the string that the parts make together.
    pub(super) fn push(&mut self, parts: &[&[u8]]) -> io::Result<()> {
        let length: usize = parts.iter().map(|part| part.len()).sum();
        let held = self.bytes.len() + self.records.len() * size_of::<(u32, u32)>();
        if held + length > self.budget && !self.records.is_empty() {
            self.spill()?;
        }
        let too_long = |_| io::Error::new(io::ErrorKind::InvalidInput, "a record above 4 GiB");
        let start = u32::try_from(self.bytes.len()).map_err(too_long)?;
        for part in parts {
            self.bytes.extend_from_slice(part);
        }
        self.records
            .push((start, u32::try_from(length).map_err(too_long)?));
        Ok(())
    }

    fn sort(&mut self) {
        let bytes = &self.bytes;
        let string = |(start, length): (u32, u32)| &bytes[start as usize..][..length as usize];
        self.records
            .sort_unstable_by(|a, b| string(*a).cmp(string(*b)));
    }

    fn spill(&mut self) -> io::Result<()> {
        self.sort();
        let mut run = BufWriter::new(tempfile::tempfile()?);
        for &(start, length) in &self.records {
            run.write_all(&length.to_le_bytes())?;
            run.write_all(&self.bytes[start as usize..][..length as usize])?;
        }
        self.bytes.clear();
        self.records.clear();
        let mut file = run.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        self.runs.push(file);
        Ok(())
    }

    /// Hands every string to `each`, in order of their bytes.
    pub(super) fn drain<E: From<io::Error>>(
        mut self,
        mut each: impl FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        if self.runs.is_empty() {
            self.sort();
            for &(start, length) in &self.records {
                each(&self.bytes[start as usize..][..length as usize])?;
            }
            return Ok(());
        }
        if !self.records.is_empty() {
            self.spill()?;
        }
        self.bytes = Vec::new();
        let mut heads = BinaryHeap::new();
        for file in self.runs {
            let mut run = BufReader::with_capacity(READ_BUFFER, file);
            let mut first = Vec::new();
            if next_of(&mut run, &mut first)? {
                heads.push(Reverse(Head { string: first, run }));
            }
        }
        while let Some(mut head) = heads.peek_mut() {
            each(&head.0.string)?;
            let Head { string, run } = &mut head.0;
            if !next_of(run, string)? {
                PeekMut::pop(head);
            }
        }
        Ok(())
    }
}

/// The least string of a run that is not given out yet. Equal strings are equal: which run gave one does not matter.
struct Head {
    string: Vec<u8>,
    run: BufReader<File>,
}

impl PartialEq for Head {
    fn eq(&self, other: &Self) -> bool {
        self.string == other.string
    }
}
impl Eq for Head {}
impl PartialOrd for Head {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Head {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.string.cmp(&other.string)
    }
}

fn next_of(run: &mut BufReader<File>, string: &mut Vec<u8>) -> io::Result<bool> {
    let mut length = [0; 4];
    match run.read_exact(&mut length) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
        other => other?,
    }
    string.resize(u32::from_le_bytes(length) as usize, 0);
    run.read_exact(string)?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn strings_come_back_in_order_whatever_the_budget(
            strings in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..12), 0..300),
            budget in 1..4000_usize,
        ) {
            let mut sorter = Sorter::new(budget);
            for string in &strings {
                sorter.push(&[&string[..string.len() / 2], &string[string.len() / 2..]]).expect("a temporary file");
            }
            let mut sorted = Vec::new();
            sorter.drain::<io::Error>(|string| { sorted.push(string.to_vec()); Ok(()) }).expect("reads back");
            let mut expected = strings;
            expected.sort();
            prop_assert_eq!(sorted, expected);
        }
    }
}
