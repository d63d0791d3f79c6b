//! Which side of a picture is up, by its EXIF data.
//!
//! The crate `image` reads the note as a SHORT only, and in a PNG file only before the pixels.

use image::ImageFormat;
use image::metadata::Orientation;

/// Reads which side is up. A note that cannot be read says nothing.
pub(crate) fn orientation(file: &[u8], format: ImageFormat) -> Orientation {
    let block = match format {
        ImageFormat::Jpeg => of_jpeg(file),
        ImageFormat::Png => of_png(file),
        ImageFormat::WebP => of_webp(file),
        _ => None,
    };
    block.and_then(noted).unwrap_or(Orientation::NoTransforms)
}

/// What EXIF data begin with in a JPEG file. Some programs write it in other files too.
const START: &[u8] = b"Exif\0\0";

/// The first APP1 segment with EXIF data; others hold XMP.
fn of_jpeg(file: &[u8]) -> Option<&[u8]> {
    let mut rest = file.get(2..)?;
    loop {
        let [0xff, marker, ..] = *rest else { return None };
        match marker {
            // Fill bytes.
            0xff => rest = &rest[1..],
            // What stands alone.
            0x01 | 0xd0..=0xd8 => rest = &rest[2..],
            // The pixels begin, or the file ends.
            0xda | 0xd9 => return None,
            _ => {
                let length = u16::from_be_bytes(*rest.get(2..)?.first_chunk()?);
                let contents = rest.get(4..2 + usize::from(length))?;
                if marker == 0xe1 && contents.starts_with(START) {
                    return Some(&contents[START.len()..]);
                }
                rest = &rest[2 + usize::from(length)..];
            }
        }
    }
}

/// The chunk `eXIf`, before the pixels or after them.
fn of_png(file: &[u8]) -> Option<&[u8]> {
    let mut rest = file.get(8..)?;
    loop {
        let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
        let contents = rest.get(8..)?.get(..length)?;
        match rest.get(4..8)? {
            b"eXIf" => return Some(contents),
            // The check sum follows.
            _ => rest = rest.get(8..)?.get(length..)?.get(4..)?,
        }
    }
}

/// The chunk `EXIF`, which comes after the pixels.
fn of_webp(file: &[u8]) -> Option<&[u8]> {
    let mut rest = file.get(12..)?;
    loop {
        let length = u32::from_le_bytes(*rest.get(4..)?.first_chunk()?) as usize;
        let contents = rest.get(8..)?.get(..length)?;
        match rest.get(..4)? {
            b"EXIF" => return Some(contents),
            // Chunks have an even length.
            _ => rest = rest.get(8..)?.get(length.checked_next_multiple_of(2)?..)?,
        }
    }
}

/// The orientation in the first directory of EXIF data, whatever integer it is.
fn noted(block: &[u8]) -> Option<Orientation> {
    const TAG: u32 = 0x112;
    let block = block.strip_prefix(START).unwrap_or(block);
    let is_little = match block.get(..4)? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let number = |bytes: &[u8]| {
        let join = |sum: u32, byte: &u8| sum << 8 | u32::from(*byte);
        if is_little { bytes.iter().rev().fold(0, join) } else { bytes.iter().fold(0, join) }
    };
    let directory = block.get(number(block.get(4..8)?) as usize..)?;
    let entries = number(directory.get(..2)?) as usize;
    for entry in directory[2..].chunks_exact(12).take(entries) {
        if number(&entry[..2]) != TAG {
            continue;
        }
        // BYTE, SHORT and LONG, and the same with a sign.
        let size = match number(&entry[2..4]) {
            1 | 6 => 1,
            3 | 8 => 2,
            4 | 9 => 4,
            _ => return None,
        };
        if number(&entry[4..8]) != 1 {
            return None;
        }
        let value = number(&entry[8..8 + size]);
        return u8::try_from(value).ok().and_then(Orientation::from_exif);
    }
    None
}
