//! Text cut into blocks of whole rows.

use std::io::Read;

use crate::{At, InputError, Problem};

/// A block of whole rows.
#[derive(Debug, Default)]
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    /// Where it begins in the (unpacked) input.
    pub(super) offset: u64,
}

/// Where one may cut.
pub(super) trait Framing: Send {
    /// The end of the last whole row of `bytes`, of which the first `known` were seen before; `None` when there is
    /// no end of a row.
    fn cut(&mut self, bytes: &[u8], known: usize) -> Result<Option<usize>, Problem>;
}

/// Cuts at the ends of lines.
pub(super) struct Lines;

impl Framing for Lines {
    fn cut(&mut self, bytes: &[u8], known: usize) -> Result<Option<usize>, Problem> {
        let last = memchr::memrchr(b'\n', &bytes[known..]);
        Ok(last.map(|last| known + last + 1))
    }
}

/// Takes blocks from a stream.
pub(super) struct Cutter {
    pub(super) input: Box<dyn Read + Send>,
    pub(super) framing: Box<dyn Framing>,
    /// What came after the last cut.
    rest: Vec<u8>,
    offset: u64,
    ended: bool,
    block_bytes: usize,
    most_row_bytes: usize,
}

impl Cutter {
    pub(super) fn new(
        input: Box<dyn Read + Send>,
        framing: Box<dyn Framing>,
        block_bytes: usize,
        most_row_bytes: usize,
    ) -> Self {
        Self {
            input,
            framing,
            rest: Vec::new(),
            offset: 0,
            ended: false,
            block_bytes: block_bytes.max(1),
            most_row_bytes,
        }
    }

    /// Fills `block` with the next rows; `false` at the end.
    pub(super) fn next(&mut self, block: &mut Block) -> Result<bool, InputError> {
        block.bytes.clear();
        block.bytes.append(&mut self.rest);
        block.offset = self.offset;
        let mut known = 0;
        while !self.ended {
            let wanted = (block.bytes.len() + 1).next_multiple_of(self.block_bytes);
            let missing = wanted - block.bytes.len();
            let found = (&mut self.input)
                .take(missing as u64)
                .read_to_end(&mut block.bytes)
                .map_err(Problem::from)?;
            self.ended = found < missing;
            if self.ended {
                break;
            }
            if let Some(cut) = self.framing.cut(&block.bytes, known)? {
                self.rest.extend_from_slice(&block.bytes[cut..]);
                block.bytes.truncate(cut);
                break;
            }
            known = block.bytes.len();
            if known > self.most_row_bytes {
                let problem = Problem::TooLong {
                    what: "the feature",
                    most: self.most_row_bytes as u64,
                    hint: "is a bracket or quote left open?",
                };
                return Err(problem.at(At::Byte(self.offset)));
            }
        }
        self.offset += block.bytes.len() as u64;
        Ok(!block.bytes.is_empty())
    }
}
