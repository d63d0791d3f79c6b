//! What can be wrong with a picture file.

use std::io;
use std::path::PathBuf;

/// A picture file that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}: {fault}", shown(path))]
pub struct PictureError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: PictureFault,
}

/// What is wrong with a picture.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PictureFault {
    /// The operating system could not read the file.
    #[error("cannot be read: {0}")]
    Io(io::Error),
    /// The file has no bytes.
    #[error("an empty file, not a picture")]
    EmptyFile,
    /// The file is of no kind that is read.
    #[error("not a PNG, JPEG, WebP, BMP or GIF picture")]
    UnknownFormat,
    /// The file ends before the picture does.
    #[error("the file is cut off: its end is missing")]
    CutOff,
    /// The picture would take too much memory.
    #[error(
        "{width}×{height} pixels take more than {} MiB, the most that is opened; make the picture smaller",
        limit >> 20
    )]
    TooLarge {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
        /// The largest size in bytes.
        limit: u64,
    },
    /// The picture has no pixels.
    #[error("empty picture ({width}×{height} pixels)")]
    Empty {
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
    },
    /// The decoder gave up.
    #[error("a damaged picture: {0}")]
    Damaged(Box<dyn std::error::Error + Send + Sync>),
}

/// Returns a path for a message: on one line, with the control characters of file names escaped.
///
/// ```
/// assert_eq!(keypoints_image::shown("me\n.jpg".as_ref()), "me\\n.jpg");
/// ```
pub fn shown(path: &std::path::Path) -> String {
    let text = path.display().to_string();
    text.chars()
        .flat_map(|c| if c.is_control() { c.escape_default().collect() } else { vec![c] })
        .collect()
}
