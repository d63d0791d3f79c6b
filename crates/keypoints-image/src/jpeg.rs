//! Whether a JPEG file is whole: decoders fill what is missing with grey.

/// Whether the picture of a JPEG file has its end marker. Pictures inside the header (thumbnails) are passed over.
pub(crate) fn is_whole(bytes: &[u8]) -> bool {
    // After the start marker come segments: a marker, a length, and as many bytes.
    let mut at = 2;
    loop {
        let Some(marker) = next_marker(bytes, &mut at) else { return false };
        match marker {
            0xd9 => return true,
            // Restart markers and TEM stand alone.
            0xd0..=0xd8 | 0x01 => continue,
            _ => {}
        }
        let Some(length) = bytes.get(at..at + 2) else { return false };
        at += usize::from(u16::from_be_bytes([length[0], length[1]])).max(2);
        // What follows a scan header is compressed data up to the next marker, which `next_marker` looks for.
    }
}

/// Goes on to the next marker and returns its second byte. `FF 00` is a byte of data.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let found = bytes.get(*at..)?.iter().position(|&byte| byte == 0xff)?;
        *at += found + 1;
        match *bytes.get(*at)? {
            0x00 => *at += 1,
            // Any number of FF may come before a marker.
            0xff => {}
            marker => {
                *at += 1;
                return Some(marker);
            }
        }
    }
}
