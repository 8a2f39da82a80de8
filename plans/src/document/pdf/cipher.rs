//! Files that open without a password but are encrypted (ISO 32000-2, section 7.6): those that only forbid to
//! print or to change them.

use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes256};
use md5::Md5;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::PdfError;
use super::file::File;
use super::object::{Dictionary, Object};

/// What stands for a password that is empty (algorithm 2).
const PADDING: [u8; 32] = [
    0x28, 0xbf, 0x4e, 0x5e, 0x4e, 0x75, 0x8a, 0x41, 0x64, 0x00, 0x4e, 0x56, 0xff, 0xfa, 0x01, 0x08,
    0x2e, 0x2e, 0x00, 0xb6, 0xd0, 0x68, 0x3e, 0x80, 0x2f, 0x0c, 0xa9, 0xfe, 0x64, 0x53, 0x69, 0x7a,
];
/// Bytes of a block of AES.
const BLOCK: usize = 16;

/// How the streams of a file are encrypted.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Method {
    Rc4,
    Aes128,
    Aes256,
}

/// What decrypts the streams of a file.
#[derive(Debug)]
pub(super) struct Key {
    method: Method,
    bytes: Vec<u8>,
}

impl Key {
    /// The key of a file that opens without a password. None when its streams are not encrypted.
    pub(super) fn of(file: &File<'_>) -> Result<Option<Self>, PdfError> {
        let encryption = file.entry(file.trailer(), b"Encrypt")?;
        let Some(entries) = encryption.dictionary() else {
            return Ok(None);
        };
        let size = |name: &[u8]| Ok(file.entry(entries, name)?.size().unwrap_or(0));
        let text = |name: &[u8]| -> Result<Vec<u8>, PdfError> {
            Ok(file
                .entry(entries, name)?
                .text()
                .unwrap_or_default()
                .to_vec())
        };
        let (version, revision) = (size(b"V")?, size(b"R")?);
        let refused = |method: String| Err(PdfError::Encrypted { method });
        let method = match version {
            1 | 2 => Some(Method::Rc4),
            4 | 5 => match &*stream_method(file, entries)? {
                b"V2" => Some(Method::Rc4),
                b"AESV2" => Some(Method::Aes128),
                b"AESV3" => Some(Method::Aes256),
                b"None" | b"Identity" => return Ok(None),
                _ => None,
            },
            _ => None,
        };
        let is_standard = file.entry(entries, b"Filter")?.name() == Some(b"Standard");
        let (Some(method), true) = (method, is_standard) else {
            return refused(format!(
                "version {version}, revision {revision}, which is not known"
            ));
        };
        let length = match (version, size(b"Length")?) {
            (1, _) | (2, 0) => 5,
            (2, bits) => (bits / 8).clamp(5, 16),
            _ => 16,
        };
        let user = text(b"U")?;
        let bytes = if method == Method::Aes256 {
            modern_key(&user, &text(b"UE")?, revision)
        } else {
            let id = file.entry(file.trailer(), b"ID")?;
            let id = id
                .array()
                .and_then(<[Object]>::first)
                .and_then(Object::text);
            let id = id.unwrap_or_default();
            let mut seed = PADDING.to_vec();
            seed.extend_from_slice(text(b"O")?.get(..32).unwrap_or_default());
            seed.extend_from_slice(&permissions(&*file.entry(entries, b"P")?));
            seed.extend_from_slice(id);
            if revision >= 4 && *file.entry(entries, b"EncryptMetadata")? == Object::False {
                seed.extend([0xff; 4]);
            }
            old_key(&seed, &user, id, revision, length)
        };
        match bytes {
            Some(bytes) => Ok(Some(Self { method, bytes })),
            None => refused("with a password".to_owned()),
        }
    }

    /// The bytes of a stream. What is no whole number of blocks is cut off.
    pub(super) fn decrypt(&self, bytes: &[u8], (number, generation): (u32, u16)) -> Vec<u8> {
        let mut seed = self.bytes.clone();
        seed.extend_from_slice(&number.to_le_bytes()[..3]);
        seed.extend_from_slice(&generation.to_le_bytes());
        if self.method == Method::Aes128 {
            seed.extend_from_slice(b"sAlT");
        }
        let own = Md5::digest(&seed);
        let own = &own[..(self.bytes.len() + 5).min(BLOCK)];
        match self.method {
            Method::Rc4 => rc4(own, bytes),
            Method::Aes128 => unpadded(bytes, |first, rest| {
                Some(decrypt_blocks(
                    &Aes128::new_from_slice(own).ok()?,
                    first,
                    rest,
                ))
            }),
            Method::Aes256 => unpadded(bytes, |first, rest| {
                Some(decrypt_blocks(
                    &Aes256::new_from_slice(&self.bytes).ok()?,
                    first,
                    rest,
                ))
            }),
        }
    }
}

/// The name of the method of streams.
fn stream_method(file: &File<'_>, entries: &Dictionary) -> Result<Vec<u8>, PdfError> {
    let chosen = file.entry(entries, b"StmF")?;
    let chosen = chosen.name().unwrap_or(b"Identity");
    let filters = file.entry(entries, b"CF")?;
    let filter = filters.dictionary().and_then(|filters| filters.get(chosen));
    let filter = file.resolve(filter.unwrap_or(&Object::Null))?;
    let method = match filter.dictionary() {
        Some(filter) => file
            .entry(filter, b"CFM")?
            .name()
            .unwrap_or(b"None")
            .to_vec(),
        None => chosen.to_vec(),
    };
    Ok(method)
}

/// The flags of what is allowed, the lowest byte first. Some programs write them without a sign.
#[expect(clippy::cast_possible_truncation, reason = "the cast saturates")]
fn permissions(object: &Object) -> [u8; 4] {
    let [a, b, c, d, ..] = (object.number().unwrap_or(0.0) as i64).to_le_bytes();
    [a, b, c, d]
}

/// The key up to revision 4, when the password is empty (algorithms 2, 4 and 5).
fn old_key(seed: &[u8], user: &[u8], id: &[u8], revision: usize, length: usize) -> Option<Vec<u8>> {
    let mut key = Md5::digest(seed).to_vec();
    key.truncate(length);
    if revision < 3 {
        return (rc4(&key, &PADDING) == user).then_some(key);
    }
    for _ in 0..50 {
        key = Md5::digest(&key).to_vec();
        key.truncate(length);
    }
    let mut check = Md5::digest([&PADDING, id].concat()).to_vec();
    for round in 0..20 {
        let turned: Vec<u8> = key.iter().map(|byte| byte ^ round).collect();
        check = rc4(&turned, &check);
    }
    (user.get(..BLOCK)? == check).then_some(key)
}

/// The key of revisions 5 and 6, when the password is empty (algorithm 2.A).
fn modern_key(user: &[u8], packed: &[u8], revision: usize) -> Option<Vec<u8>> {
    let (hash, salts) = user.split_at_checked(32)?;
    let (check, own) = (salts.get(..8)?, salts.get(8..16)?);
    let hashed = |salt: &[u8]| match revision {
        5 => Some(Sha256::digest(salt).to_vec()),
        _ => hardened(salt),
    };
    if hashed(check)? != hash {
        return None;
    }
    let cipher = Aes256::new_from_slice(&hashed(own)?).ok()?;
    let key = decrypt_blocks(&cipher, &[0; BLOCK], packed.get(..32)?);
    Some(key)
}

/// The hash of revision 6 of an empty password (algorithm 2.B).
fn hardened(salt: &[u8]) -> Option<Vec<u8>> {
    let mut key = Sha256::digest(salt).to_vec();
    let mut round = 0_u32;
    loop {
        let cipher = Aes128::new_from_slice(key.get(..BLOCK)?).ok()?;
        let mut last: [u8; BLOCK] = key.get(BLOCK..2 * BLOCK)?.try_into().ok()?;
        let mut made = Vec::new();
        for block in key.repeat(64).chunks_exact(BLOCK) {
            for (byte, plain) in last.iter_mut().zip(block) {
                *byte ^= plain;
            }
            let mut block = last.into();
            cipher.encrypt_block(&mut block);
            last = block.into();
            made.extend_from_slice(&last);
        }
        let kind: u32 = made.iter().take(BLOCK).map(|byte| u32::from(*byte)).sum();
        key = match kind % 3 {
            0 => Sha256::digest(&made).to_vec(),
            1 => Sha384::digest(&made).to_vec(),
            _ => Sha512::digest(&made).to_vec(),
        };
        round += 1;
        // A byte is at most 255: it ends before round 288.
        if round >= 64 && u32::from(last[BLOCK - 1]) <= round - 32 {
            key.truncate(32);
            return Some(key);
        }
    }
}

/// Decrypts blocks that are chained (CBC).
fn decrypt_blocks(
    cipher: &impl BlockCipherDecrypt<BlockSize = aes::cipher::consts::U16>,
    first: &[u8],
    bytes: &[u8],
) -> Vec<u8> {
    let mut made = Vec::with_capacity(bytes.len());
    let mut last = first;
    for block in bytes.chunks_exact(BLOCK) {
        let Ok(mut plain) = <[u8; BLOCK]>::try_from(block).map(Into::into) else {
            break;
        };
        cipher.decrypt_block(&mut plain);
        made.extend(plain.iter().zip(last).map(|(byte, last)| byte ^ last));
        last = block;
    }
    made
}

/// Decrypts what has its first block before it, and takes off what fills its last one.
fn unpadded(bytes: &[u8], decrypt: impl Fn(&[u8], &[u8]) -> Option<Vec<u8>>) -> Vec<u8> {
    let decrypted = bytes
        .split_at_checked(BLOCK)
        .and_then(|(first, rest)| decrypt(first, rest));
    let mut made = decrypted.unwrap_or_default();
    let fill = made.last().map_or(0, |fill| usize::from(*fill));
    if (1..=BLOCK).contains(&fill) {
        made.truncate(made.len().saturating_sub(fill));
    }
    made
}

/// The cipher of older files. Nothing is kept secret here, and no crate is needed for ten lines.
fn rc4(key: &[u8], bytes: &[u8]) -> Vec<u8> {
    let mut order: Vec<u8> = (0..=u8::MAX).collect();
    let mut at = 0_u8;
    for (place, key) in (0..=u8::MAX).zip(key.iter().cycle()) {
        at = at
            .wrapping_add(order[usize::from(place)])
            .wrapping_add(*key);
        order.swap(usize::from(place), usize::from(at));
    }
    let (mut place, mut at) = (0_u8, 0_u8);
    let mut next = |byte: &u8| {
        place = place.wrapping_add(1);
        at = at.wrapping_add(order[usize::from(place)]);
        order.swap(usize::from(place), usize::from(at));
        let sum = order[usize::from(place)].wrapping_add(order[usize::from(at)]);
        byte ^ order[usize::from(sum)]
    };
    bytes.iter().map(&mut next).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_old_cipher_is_that_of_its_known_answers() {
        assert_eq!(
            rc4(b"Key", b"Plaintext"),
            b"\xbb\xf3\x16\xe8\xd9\x40\xaf\x0a\xd3"
        );
    }
}
