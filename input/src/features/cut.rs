//! Text cut into blocks of whole rows.

use std::io::Read;
use std::ops::Range;

use super::batch::Span;
use super::lines::newlines;
use crate::{At, InputError, Problem};

/// Bytes that are read at once: they stay in the processor's cache until they are copied to their block.
const READ_BYTES: usize = 1 << 17;

/// A block of whole rows.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    /// Where it begins in the (unpacked) input.
    pub(super) offset: u64,
    /// Where the rows are, if that was found out on the way.
    pub(super) rows: Vec<Span>,
    /// A row that was too long to be kept. Then there is no other.
    pub(super) skipped: Option<Skipped>,
}

/// A row that was read over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Skipped {
    /// Its bytes in the (unpacked) input.
    pub(super) bytes: Range<u64>,
    /// Ends of lines in it.
    pub(super) lines: u64,
    /// What it has more bytes than.
    pub(super) most: u64,
}

/// Where one may cut.
pub(super) trait Framing: Send {
    /// The end of the last whole row of `bytes`, of which the first `known` were seen before; `None` when there is
    /// no end of a row. `rows` takes where rows are, for those who cannot tell by themselves.
    fn cut(
        &mut self,
        bytes: &[u8],
        known: usize,
        rows: &mut Vec<Span>,
    ) -> Result<Option<usize>, Problem>;

    /// Begins to read over a row of which `bytes` are the start: where one must go on, for [`Self::skip`]. `None` when this cannot
    /// tell where the row ends without its bytes.
    fn skip_from(&mut self, _: &[u8]) -> Option<usize> {
        None
    }

    /// Looks for the end of a row that is read over; `None` when it is further on, and then [`Self::skip_from`] comes again.
    fn skip(&mut self, _: &[u8]) -> Option<usize> {
        None
    }

    /// Checks the end of the text: what is left when nothing more can be cut. The bytes that are a last row.
    fn end(&mut self, rest: &[u8]) -> Result<usize, Problem> {
        Ok(rest.len())
    }
}

/// Cuts at the ends of lines.
pub(super) struct Lines;

impl Framing for Lines {
    fn cut(
        &mut self,
        bytes: &[u8],
        known: usize,
        _: &mut Vec<Span>,
    ) -> Result<Option<usize>, Problem> {
        let last = memchr::memrchr(b'\n', &bytes[known..]);
        Ok(last.map(|last| known + last + 1))
    }

    fn skip_from(&mut self, bytes: &[u8]) -> Option<usize> {
        Some(bytes.len())
    }

    fn skip(&mut self, bytes: &[u8]) -> Option<usize> {
        memchr::memchr(b'\n', bytes).map(|end| end + 1)
    }
}

/// Cuts before the separators of a text sequence (RFC 8142).
pub(super) struct Sequence;

impl Framing for Sequence {
    fn cut(
        &mut self,
        bytes: &[u8],
        known: usize,
        _: &mut Vec<Span>,
    ) -> Result<Option<usize>, Problem> {
        let last = memchr::memrchr(0x1E, &bytes[known..]);
        Ok(last.map(|last| known + last).filter(|last| *last > 0))
    }

    fn skip_from(&mut self, bytes: &[u8]) -> Option<usize> {
        Some(bytes.len())
    }

    fn skip(&mut self, bytes: &[u8]) -> Option<usize> {
        memchr::memchr(0x1E, bytes)
    }
}

/// Takes blocks from a stream.
pub(super) struct Cutter {
    input: Box<dyn Read + Send>,
    framing: Box<dyn Framing>,
    /// What came after the last cut.
    rest: Vec<u8>,
    /// What is read goes through here.
    spare: Vec<u8>,
    offset: u64,
    ended: bool,
    /// The last row was taken.
    finished: bool,
    block_bytes: usize,
    most_row_bytes: usize,
    failed: Option<InputError>,
}

impl Cutter {
    /// `offset` bytes of the input were taken before.
    pub(super) fn new(
        input: Box<dyn Read + Send>,
        framing: Box<dyn Framing>,
        offset: u64,
        [block_bytes, most_row_bytes]: [usize; 2],
    ) -> Self {
        Self {
            input,
            framing,
            rest: Vec::new(),
            spare: Vec::new(),
            offset,
            ended: false,
            finished: false,
            block_bytes: block_bytes.max(1),
            most_row_bytes,
            failed: None,
        }
    }

    /// Fills `block` with the next rows; `false` at the end.
    pub(super) fn next(&mut self, block: &mut Block) -> Result<bool, InputError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        block.bytes.clear();
        block.rows.clear();
        block.skipped = None;
        if self.finished {
            return Ok(false);
        }
        block.bytes.append(&mut self.rest);
        block.offset = self.offset;
        let mut known = 0;
        loop {
            let wanted = (block.bytes.len() + 1).next_multiple_of(self.block_bytes);
            let missing = wanted - block.bytes.len();
            if !self.ended {
                match self.fill(&mut block.bytes, missing) {
                    Ok(ended) => self.ended = ended,
                    Err(error) => {
                        // What came before the place is whole.
                        self.ended = true;
                        self.failed = Some(Problem::from(error).at(At::Byte(self.offset)));
                    }
                }
            }
            let cut = self.framing.cut(&block.bytes, known, &mut block.rows);
            let cut = cut.map_err(|problem| problem.at(At::Byte(self.offset)))?;
            if self.ended {
                self.end(block, cut.unwrap_or(0));
                break;
            }
            if let Some(cut) = cut {
                self.rest.extend_from_slice(&block.bytes[cut..]);
                block.bytes.truncate(cut);
                break;
            }
            known = block.bytes.len();
            if known > self.most_row_bytes {
                if let Some(from) = self.framing.skip_from(&block.bytes) {
                    self.skip(block, from);
                    return Ok(true);
                }
                let problem = Problem::TooLong {
                    what: "the feature",
                    most: self.most_row_bytes as u64,
                    hint: "is a bracket or quote left open?",
                };
                return Err(problem.at(At::Byte(self.offset)));
            }
        }
        self.offset += block.bytes.len() as u64;
        match self.failed.take() {
            Some(error) if block.bytes.is_empty() => Err(error),
            failed => {
                self.failed = failed;
                Ok(!block.bytes.is_empty())
            }
        }
    }

    /// Reads over the rest of the row that is in the block up to now, and takes it out of memory.
    fn skip(&mut self, block: &mut Block, mut from: usize) {
        let mut bytes = std::mem::take(&mut block.bytes);
        let (start, mut lines) = (self.offset, 0);
        let end = loop {
            lines += newlines(&bytes[..from]);
            self.offset += from as u64;
            bytes = bytes.split_off(from);
            match self.fill(&mut bytes, self.block_bytes) {
                Ok(ended) => self.ended = ended,
                Err(error) => {
                    self.ended = true;
                    self.failed = Some(Problem::from(error).at(At::Byte(self.offset)));
                }
            }
            if let Some(end) = self.framing.skip(&bytes) {
                break end;
            }
            if self.ended {
                self.finished = true;
                if self.failed.is_none()
                    && let Err(problem) = self.framing.end(&[])
                {
                    self.failed = Some(problem.at(At::Byte(self.offset + bytes.len() as u64)));
                }
                break bytes.len();
            }
            from = self.framing.skip_from(&bytes).unwrap_or(bytes.len());
        };
        lines += newlines(&bytes[..end]);
        self.offset += end as u64;
        self.rest = bytes.split_off(end);
        block.skipped = Some(Skipped {
            bytes: start..self.offset,
            lines,
            most: self.most_row_bytes as u64,
        });
    }

    /// Reads so many bytes; whether the input ended before.
    fn fill(&mut self, bytes: &mut Vec<u8>, missing: usize) -> std::io::Result<bool> {
        let start = bytes.len();
        let mut filled = start;
        while filled < start + missing {
            let wanted = (start + missing - filled).min(READ_BYTES);
            self.spare.resize(READ_BYTES, 0);
            let found = match self.input.read(&mut self.spare[..wanted]) {
                Ok(found) => found,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if found == 0 {
                return Ok(true);
            }
            bytes.extend_from_slice(&self.spare[..found]);
            filled += found;
        }
        Ok(false)
    }

    /// The input has ended; what follows the last cut is a row, the end of a collection, or wrong.
    fn end(&mut self, block: &mut Block, cut: usize) {
        self.finished = true;
        if self.failed.is_some() {
            block.bytes.truncate(cut);
            return;
        }
        match self.framing.end(&block.bytes[cut..]) {
            Ok(more) => block.bytes.truncate(cut + more),
            Err(problem) => {
                let at = At::Byte(self.offset + cut as u64);
                self.failed = Some(problem.at(at));
                block.bytes.truncate(cut);
            }
        }
    }
}
