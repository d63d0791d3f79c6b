//! What kind of file it is, by what is in it.

/// What a file of weights is, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A length, and a JSON object of so many bytes.
    Safetensors,
    /// A zip archive, a tar archive or pickles, as PyTorch has written them over the years.
    PyTorch,
    /// A checkpoint of a run.
    Burnpack,
}

/// The longest head that a safetensors file may have.
const LONGEST_HEAD: u64 = 100_000_000;

/// The number that files of PyTorch before 1.6 begin with, as a pickle writes it in binary and as text.
const LEGACY: [&[u8]; 2] =
    [&[0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19], b"119547037146038801333356"];

/// As much of a file tells its kind.
pub(super) const ENOUGH: usize = 512;

/// Tells the kind by a file's beginning. The error says what the file looks like.
pub(super) fn kind(start: &[u8]) -> Result<Kind, &'static str> {
    let begins = |with: &[u8]| start.starts_with(with);
    let length = start.first_chunk().map(|length| u64::from_le_bytes(*length));
    if length.is_some_and(|length| length <= LONGEST_HEAD) && start.get(8) == Some(&b'{') {
        return Ok(Kind::Safetensors);
    }
    if begins(b"NRUB") {
        return Ok(Kind::Burnpack);
    }
    let is_tar = start.get(257..262) == Some(b"ustar");
    let is_legacy = LEGACY.iter().any(|magic| {
        let near = &start[..start.len().min(64)];
        near.windows(magic.len()).any(|bytes| bytes == *magic)
    });
    // A pickle of protocol 2 or later says so.
    let is_pickle =
        begins(&[0x80]) && start.get(1).is_some_and(|protocol| (2..=5).contains(protocol));
    if begins(b"PK\x03\x04") || begins(b"PK\x05\x06") || is_tar || is_legacy || is_pickle {
        return Ok(Kind::PyTorch);
    }
    let text = String::from_utf8_lossy(start).trim_start().to_ascii_lowercase();
    Err(match () {
        () if start.is_empty() => "it is empty",
        () if begins(b"\x89HDF\r\n\x1a\n") => "it is an HDF5 file, as Keras writes",
        () if begins(&[0x1f, 0x8b]) => "it is compressed with gzip: unpack it",
        () if begins(&[0x28, 0xb5, 0x2f, 0xfd]) => "it is compressed with zstd: unpack it",
        () if text.starts_with("version https://git-lfs") => {
            "it is a pointer of Git LFS, not the file itself: fetch that with `git lfs pull`"
        }
        () if text.starts_with("<!doctype") || text.starts_with("<html") => {
            "it is a web page: fetch the file itself"
        }
        () if start.iter().all(|&byte| byte == 0) => "it has nothing but zeros",
        () if text.starts_with('{') => "it is JSON without weights",
        () => "it begins like none of these",
    })
}

#[cfg(test)]
mod tests;
