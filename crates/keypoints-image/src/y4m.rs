//! Uncompressed video.

mod colour;
mod error;
mod header;

use std::io::{BufReader, Read};

pub use error::{Y4mError, Y4mFault};

use crate::picture::Picture;
use colour::to_picture;
use header::{Header, read_line};

/// Frames of a YUV4MPEG2 stream, the uncompressed video that `ffmpeg -i in.mp4 -f yuv4mpegpipe -` writes.
///
/// It reads 8 bits per channel: C420 (all of its kinds), C422 and C444 in colour, Cmono in grey. Colours are converted by BT.601 from the
/// limited range or, with `XCOLORRANGE=FULL`, from the full one. Grey values are taken as they are or, with `XCOLORRANGE=LIMITED`, from
/// the limited range. Each pixel has the colour of its own chroma sample, without interpolation. Interlacing and the shape of pixels are
/// not looked at.
///
/// ```
/// use keypoints_image::Y4mFrames;
///
/// // Two grey frames of two pixels.
/// let stream = b"YUV4MPEG2 W2 H1 F25:1 Cmono\nFRAME\n\x00\xffFRAME\n\xff\x00";
/// let frames = Y4mFrames::new(&stream[..])?;
/// assert_eq!((frames.width(), frames.height(), frames.rate()), (2, 1, Some(25.0)));
/// let frames = frames.collect::<Result<Vec<_>, _>>()?;
/// assert_eq!(frames[1].as_bytes(), [255, 0]);
/// # Ok::<(), keypoints_image::Y4mError>(())
/// ```
#[derive(Debug)]
pub struct Y4mFrames<R> {
    reader: BufReader<R>,
    header: Header,
    /// How many frames have been read.
    read: u64,
    /// The samples of a frame; its memory is used again.
    samples: Vec<u8>,
    failed: bool,
}

impl<R: Read> Y4mFrames<R> {
    /// Reads the header of a stream.
    ///
    /// # Errors
    /// [`Y4mError`] if it is no such stream, has frames of no pixels or of more than [`LARGEST_PICTURE`](crate::LARGEST_PICTURE), or a
    /// colour format that is not read. The size is checked before memory is taken.
    pub fn new(reader: R) -> Result<Self, Y4mError> {
        let mut reader = BufReader::new(reader);
        let header = Header::read(&mut reader).map_err(|fault| Y4mError { frame: None, fault })?;
        Ok(Self { reader, header, read: 0, samples: Vec::new(), failed: false })
    }

    /// Width of the frames in pixels.
    pub fn width(&self) -> u32 {
        self.header.width
    }

    /// Height of the frames in pixels.
    pub fn height(&self) -> u32 {
        self.header.height
    }

    /// Frames per second. `None` where the stream does not say.
    pub fn rate(&self) -> Option<f64> {
        self.header.rate
    }

    fn frame(&mut self) -> Result<Option<Picture>, Y4mFault> {
        let Some(line) = read_line(&mut self.reader)? else { return Ok(None) };
        let is_frame = line.split(|&byte| byte == b' ').next() == Some(b"FRAME");
        if !is_frame {
            return Err(Y4mFault::not_a_frame(&line));
        }
        let expected = self.header.samples();
        self.samples.clear();
        // Memory is taken as the samples come.
        let found = (&mut self.reader).take(expected).read_to_end(&mut self.samples);
        let found = found.map_err(Y4mFault::Io)? as u64;
        if found < expected {
            return Err(Y4mFault::CutOff { expected, found });
        }
        Ok(Some(to_picture(&self.header, &self.samples)))
    }
}

/// Ends after the first error. One in the middle of a frame names the frame; those before it are whole.
impl<R: Read> Iterator for Y4mFrames<R> {
    type Item = Result<Picture, Y4mError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let frame = self.frame();
        self.failed = frame.is_err();
        let number = self.read;
        self.read += 1;
        frame.map_err(|fault| Y4mError { frame: Some(number), fault }).transpose()
    }
}
