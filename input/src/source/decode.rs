//! Other encodings made into UTF-8 on the way.

use std::io::{BufRead, Read, Result};

use encoding_rs::{DecoderResult, Encoding as Table, GB18030, UTF_8, UTF_16LE};

use crate::{Encoding, Problem};

/// The table of an encoding that the caller names.
pub(crate) fn table(encoding: Encoding) -> &'static Table {
    match encoding {
        Encoding::Utf8 => UTF_8,
        Encoding::Gb18030 => GB18030,
        Encoding::Utf16 => UTF_16LE,
    }
}

/// A name for messages.
pub(crate) fn name(table: &'static Table) -> &'static str {
    if table == GB18030 {
        "GB 18030"
    } else {
        table.name()
    }
}

/// Reads `inner` as text in `table` and gives it as UTF-8; a byte order mark is dropped and may change the
/// table. Bytes that are not text in it are an error with their place.
pub(crate) struct Decoded<R> {
    inner: R,
    decoder: encoding_rs::Decoder,
    taken: u64,
    ready: Vec<u8>,
    given: usize,
    ended: bool,
}

impl<R: BufRead> Decoded<R> {
    pub(crate) fn new(inner: R, table: &'static Table) -> Self {
        Self {
            inner,
            decoder: table.new_decoder(),
            taken: 0,
            ready: Vec::new(),
            given: 0,
            ended: false,
        }
    }

    fn refill(&mut self) -> Result<()> {
        self.given = 0;
        self.ready.resize(1 << 15, 0);
        let input = self.inner.fill_buf()?;
        let last = input.is_empty();
        let (result, read, written) =
            self.decoder
                .decode_to_utf8_without_replacement(input, &mut self.ready, last);
        self.inner.consume(read);
        self.taken += read as u64;
        self.ready.truncate(written);
        match result {
            DecoderResult::InputEmpty => self.ended = last,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(bad, after) => {
                let byte = self.taken.saturating_sub(u64::from(bad) + u64::from(after));
                return Err(Problem::Encoding {
                    place: format!("byte {byte}"),
                    expected: name(self.decoder.encoding()),
                    gb18030: false,
                }
                .into());
            }
        }
        Ok(())
    }
}

impl<R: BufRead> Read for Decoded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        while self.given == self.ready.len() && !self.ended {
            self.refill()?;
        }
        let count = buffer.len().min(self.ready.len() - self.given);
        buffer[..count].copy_from_slice(&self.ready[self.given..self.given + count]);
        self.given += count;
        Ok(count)
    }
}

/// Whether all of a stream is text in GB 18030 (and holds anything).
pub(crate) fn is_gb18030(stream: &mut dyn BufRead) -> bool {
    let mut decoded = Decoded::new(stream, GB18030);
    let mut buffer = vec![0; 1 << 15];
    loop {
        match decoded.read(&mut buffer) {
            Ok(0) => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// Text of a field as a string, or `None` where it is not in the encoding.
pub(crate) fn text(bytes: &[u8], table: &'static Table) -> Option<String> {
    let mut decoder = table.new_decoder_without_bom_handling();
    let mut text = String::with_capacity(decoder.max_utf8_buffer_length(bytes.len())?);
    let (result, _) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    matches!(result, DecoderResult::InputEmpty).then_some(text)
}
