//! From a file to pixels.

use std::io::{Cursor, Read};
use std::path::Path;

use image::{ColorType, DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};

use crate::error::{PictureError, PictureFault};
use crate::exif;
use crate::jpeg;
use crate::picture::Picture;

/// The largest picture that is opened, in bytes of its decoded pixels: 512 MiB, some 170 million pixels in colour.
pub const LARGEST_PICTURE: u64 = 512 << 20;

/// The largest file that is read. An uncompressed picture of [`LARGEST_PICTURE`] and its header fit.
const LARGEST_FILE: u64 = LARGEST_PICTURE + (1 << 20);

impl Picture {
    /// Opens a PNG, JPEG, WebP or BMP file, or the first frame of a GIF. The content tells the kind of file, not the name.
    ///
    /// The picture is turned upright as its EXIF data says. Transparent parts are laid on white. 16 bits per channel become 8. CMYK in a
    /// JPEG file counts as inverted, as programs write it, with or without Adobe's marker.
    ///
    /// # Errors
    /// [`PictureError`] with the file, where it cannot be read, is no such picture, is cut off, or is larger than
    /// [`LARGEST_PICTURE`]; the size is checked before memory is taken.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, PictureError> {
        let path = path.as_ref();
        let read = || -> Result<Self, PictureFault> {
            let file = std::fs::File::open(path).map_err(PictureFault::Io)?;
            let mut bytes = Vec::new();
            file.take(LARGEST_FILE + 1).read_to_end(&mut bytes).map_err(PictureFault::Io)?;
            Self::from_bytes(&bytes)
        };
        read().map_err(|fault| PictureError { path: path.to_owned(), fault })
    }

    /// Opens the bytes of such a file.
    ///
    /// ```
    /// use keypoints_image::{Picture, PictureFault};
    ///
    /// let fault = Picture::from_bytes(b"not a picture").expect_err("text");
    /// assert!(matches!(fault, PictureFault::UnknownFormat));
    /// ```
    ///
    /// # Errors
    /// As [`Picture::open`], without the file's name.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PictureFault> {
        if bytes.is_empty() {
            return Err(PictureFault::EmptyFile);
        }
        let format = image::guess_format(bytes).map_err(|_| PictureFault::UnknownFormat)?;
        if format == ImageFormat::Jpeg && !jpeg::is_whole(bytes) {
            return Err(PictureFault::CutOff);
        }
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::default();
        // What the decoder takes beside the pixels is within a small multiple of them.
        limits.max_alloc = Some(2 * LARGEST_PICTURE);
        reader.limits(limits);
        let decoder = reader.into_decoder().map_err(fault)?;
        let (width, height) = decoder.dimensions();
        if width == 0 || height == 0 {
            return Err(PictureFault::Empty { width, height });
        }
        if decoder.total_bytes() > LARGEST_PICTURE {
            return Err(PictureFault::TooLarge { width, height, limit: LARGEST_PICTURE });
        }
        let mut image = DynamicImage::from_decoder(decoder).map_err(fault)?;
        // Phones store what the sensor saw and note which side is up.
        image.apply_orientation(exif::orientation(bytes, format));
        Self::from_image(image)
    }

    /// Takes a picture of any colour type that is in memory: transparent parts are laid on white, 16 bits per channel become 8.
    ///
    /// # Errors
    /// [`PictureFault::Empty`] if it has no pixels.
    pub fn from_image(image: DynamicImage) -> Result<Self, PictureFault> {
        let (width, height) = (image.width(), image.height());
        if width == 0 || height == 0 {
            return Err(PictureFault::Empty { width, height });
        }
        Ok(Self::of_opaque(match image.color() {
            ColorType::L8 | ColorType::Rgb8 => image,
            ColorType::L16 => image.into_luma8().into(),
            color if !color.has_alpha() => image.into_rgb8().into(),
            ColorType::La8 | ColorType::La16 => {
                let pixels = image.into_luma_alpha8();
                let laid = pixels.pixels().map(|pixel| on_white(pixel.0[0], pixel.0[1])).collect();
                grey(width, height, laid)
            }
            _ => {
                let pixels = image.into_rgba8();
                let laid = pixels.pixels().flat_map(|pixel| {
                    let [red, green, blue, alpha] = pixel.0;
                    [red, green, blue].map(|value| on_white(value, alpha))
                });
                colour(width, height, laid.collect())
            }
        }))
    }
}

/// A value of a channel that lies on white, with an opacity from 0 to 255.
fn on_white(value: u8, alpha: u8) -> u8 {
    let (value, alpha) = (u32::from(value), u32::from(alpha));
    ((value * alpha + 255 * (255 - alpha) + 127) / 255) as u8
}

#[expect(clippy::expect_used, reason = "callers bring a value per pixel")]
fn grey(width: u32, height: u32, values: Vec<u8>) -> DynamicImage {
    image::GrayImage::from_raw(width, height, values).expect("a value per pixel").into()
}

#[expect(clippy::expect_used, reason = "callers bring three values per pixel")]
fn colour(width: u32, height: u32, values: Vec<u8>) -> DynamicImage {
    image::RgbImage::from_raw(width, height, values).expect("three values per pixel").into()
}

fn fault(error: ImageError) -> PictureFault {
    match error {
        ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            PictureFault::CutOff
        }
        ImageError::Unsupported(_) => PictureFault::UnknownFormat,
        error => PictureFault::Damaged(Box::new(error)),
    }
}
