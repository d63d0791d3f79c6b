//! Files that are no text at all, told by how they start.

/// Returns what a file is, and what to do with it, if its first bytes are not those of a text in UTF-8.
///
/// ```
/// use keypoints_data::not_text;
///
/// assert_eq!(not_text(b"\x1f\x8b\x08"), Some("compressed with gzip; unpack it first"));
/// assert_eq!(not_text(b"\xff\xfer\0o\0w\0"), Some("a table in UTF-16; save it as UTF-8"));
/// assert_eq!(not_text(b"row\n1748\n"), None);
/// ```
pub fn not_text(start: &[u8]) -> Option<&'static str> {
    if matches!(start, [0xff, 0xfe, 0, 0, ..] | [0, 0, 0xfe, 0xff, ..]) {
        return Some("a table in UTF-32; save it as UTF-8");
    }
    if is_utf16(start) {
        return Some("a table in UTF-16; save it as UTF-8");
    }
    match start {
        [0x1f, 0x8b, ..] => Some("compressed with gzip; unpack it first"),
        [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some("compressed with xz; unpack it first"),
        [0x28, 0xb5, 0x2f, 0xfd, ..] => Some("compressed with zstd; unpack it first"),
        [b'B', b'Z', b'h', b'1'..=b'9', 0x31, 0x41, ..] => {
            Some("compressed with bzip2; unpack it first")
        }
        [b'7', b'z', 0xbc, 0xaf, ..] => Some("a 7z archive; unpack it first"),
        [b'P', b'K', 3 | 5, 4 | 6, ..] => {
            Some("a zip archive or an Excel workbook; unpack it, or save the sheet as CSV")
        }
        [0xd0, 0xcf, 0x11, 0xe0, ..] => Some("an Excel workbook; save the sheet as CSV"),
        [b'P', b'A', b'R', b'1', ..] => Some("a Parquet file; save it as CSV"),
        _ => {
            let text = start.trim_ascii_start();
            let starts = |with: &[u8]| {
                text.get(..with.len()).is_some_and(|text| text.eq_ignore_ascii_case(with))
            };
            if starts(b"<!doctype html") || starts(b"<html") {
                return Some("a web page, perhaps the one to log in; download the file again");
            }
            let pointer = starts(b"version https://git-lfs");
            pointer.then_some("a pointer of Git LFS, not the file; fetch it with `git lfs pull`")
        }
    }
}

/// Whether a text is in UTF-16, with or without its mark.
pub(crate) fn is_utf16(bytes: &[u8]) -> bool {
    match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => true,
        // Letters and digits are a byte and a zero, in either order.
        [one, 0, other, 0, ..] | [0, one, 0, other, ..] => *one != 0 && *other != 0,
        _ => false,
    }
}
