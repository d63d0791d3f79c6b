//! What can be wrong with a video stream.

use std::io;

/// A video stream that cannot be read, or not to its end.
#[derive(Debug, thiserror::Error)]
#[error("{}{fault}", frame.map(|frame| format!("frame {frame}: ")).unwrap_or_default())]
pub struct Y4mError {
    /// The frame, counted from 0; all before it are whole. `None` for the header.
    pub frame: Option<u64>,
    /// What is wrong.
    pub fault: Y4mFault,
}

/// What is wrong with a video stream.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Y4mFault {
    /// The operating system could not read it.
    #[error("cannot be read: {0}")]
    Io(io::Error),
    /// There is nothing in it.
    #[error("an empty stream, not a video")]
    Empty,
    /// It does not begin as such a stream does.
    #[error(
        "not a YUV4MPEG2 stream: it begins with `{found}`; `ffmpeg -i VIDEO -f yuv4mpegpipe -` makes one"
    )]
    NotY4m {
        /// Its first bytes.
        found: String,
    },
    /// Its header, or the line before a frame, has no end.
    #[error("a line of more than {most} bytes where a header should be; the stream is damaged")]
    LongLine {
        /// The most bytes that are read.
        most: usize,
    },
    /// The header does not say the size of the frames, or says none that can be.
    #[error("the header has `{found}` where {name} should be, such as {name}640")]
    BadSize {
        /// `W` or `H`.
        name: char,
        /// What it says; empty if it says nothing.
        found: String,
    },
    /// The frames would take too much memory.
    #[error(
        "frames of {width}×{height} pixels take more than {} MiB, the most that is read; scale them down with ffmpeg's `-vf scale=1280:-2`",
        limit >> 20
    )]
    TooLarge {
        /// Their width in pixels.
        width: u32,
        /// Their height in pixels.
        height: u32,
        /// The largest size in bytes.
        limit: u64,
    },
    /// A colour format that is not read.
    #[error(
        "colour format C{found} is not read; let ffmpeg convert it with `-pix_fmt yuv420p` (read are C420, C422, C444 and Cmono, with 8 bits)"
    )]
    UnknownColour {
        /// The format.
        found: String,
    },
    /// Something else where a frame should begin.
    #[error("`{found}` where a frame should begin; the stream is damaged")]
    NotAFrame {
        /// What is there.
        found: String,
    },
    /// The stream ends within a header.
    #[error("cut off in the header")]
    CutOffHeader,
    /// The stream ends before the frame does.
    #[error("cut off after {found} of {expected} bytes")]
    CutOff {
        /// The bytes of a whole frame.
        expected: u64,
        /// Those that are there.
        found: u64,
    },
}

/// How many bytes of something odd are shown.
const SHOWN: usize = 24;

impl Y4mFault {
    pub(crate) fn not_y4m(line: &[u8]) -> Self {
        Self::NotY4m { found: shown(line) }
    }

    pub(crate) fn not_a_frame(line: &[u8]) -> Self {
        Self::NotAFrame { found: shown(line) }
    }
}

/// The first bytes as text on one line.
pub(crate) fn shown(bytes: &[u8]) -> String {
    bytes[..bytes.len().min(SHOWN)].escape_ascii().to_string()
}
