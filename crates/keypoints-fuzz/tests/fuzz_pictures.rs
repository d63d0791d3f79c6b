//! The picture door: `Picture::from_bytes`.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::io::Cursor;

use image::{DynamicImage, GrayAlphaImage, ImageFormat, Rgb, RgbImage};
use keypoints_fuzz::{Meter, Seeds};
use keypoints_image::Picture;

#[global_allocator]
static METER: Meter = Meter;

/// A small picture in several formats and kinds of pixels.
fn seeds() -> Vec<Vec<u8>> {
    let colour =
        RgbImage::from_fn(23, 17, |x, y| Rgb([(x * 11) as u8, (y * 15) as u8, (x * y) as u8]));
    let colour = DynamicImage::ImageRgb8(colour);
    let alpha = DynamicImage::ImageLumaA8(GrayAlphaImage::from_fn(9, 30, |x, y| {
        image::LumaA([(x * 28) as u8, (y * 8) as u8])
    }));
    let kinds = [
        (&colour, ImageFormat::Png),
        (&colour, ImageFormat::Jpeg),
        (&colour, ImageFormat::Bmp),
        (&colour, ImageFormat::Gif),
        (&colour, ImageFormat::WebP),
        (&alpha, ImageFormat::Png),
    ];
    let mut files: Vec<Vec<u8>> = kinds
        .iter()
        .map(|(picture, format)| {
            let mut bytes = Cursor::new(Vec::new());
            picture.write_to(&mut bytes, *format).unwrap();
            bytes.into_inner()
        })
        .collect();
    let deep = DynamicImage::ImageRgb16(colour.to_rgb16());
    let mut bytes = Cursor::new(Vec::new());
    deep.write_to(&mut bytes, ImageFormat::Png).unwrap();
    files.push(bytes.into_inner());
    files.push(with_exif(&files[1]));
    files
}

/// A JPEG file with an EXIF orientation in front of its pixels.
fn with_exif(jpeg: &[u8]) -> Vec<u8> {
    let mut exif =
        b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    exif.splice(0..0, [&[0xff, 0xe1][..], &length].concat());
    [&jpeg[..2], &exif, &jpeg[2..]].concat()
}

#[test]
fn pictures() {
    let words: [&[u8]; 14] = [
        b"\xff\xd8",
        b"\xff\xe1",
        b"\xff\xc0",
        b"\xff\xc2",
        b"\xff\xda",
        b"\xff\xd9",
        b"Exif\0\0",
        b"MM\0*",
        b"II*\0",
        b"IHDR",
        b"eXIf",
        b"acTL",
        b"VP8X",
        b"\x21\xf9\x04",
    ];
    for (file, at) in seeds().iter().zip(0..) {
        assert!(Picture::from_bytes(file).is_ok(), "seed {at}");
    }
    // Not more than the largest picture that is opened, decoded and as pixels.
    let memory = 3 << 30;
    Seeds { name: "pictures", files: seeds(), words: &words, memory }.fuzz(|bytes| {
        if let Ok(picture) = Picture::from_bytes(bytes) {
            assert!(picture.width() > 0 && picture.height() > 0);
        }
    });
}
