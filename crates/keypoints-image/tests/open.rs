//! Picture files of all kinds, whole, odd and broken.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::io::Cursor;

use image::codecs::gif::GifEncoder;
use image::{
    DynamicImage, Frame, GrayAlphaImage, GrayImage, ImageBuffer, ImageFormat, Luma, LumaA, Rgb,
    RgbImage, Rgba, RgbaImage,
};
use keypoints_image::{Picture, PictureFault};

fn bytes(image: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    image.into().write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// A photo without two equal pixels beside each other, but smooth.
fn photo() -> RgbImage {
    RgbImage::from_fn(40, 24, |x, y| {
        Rgb([(x * 6) as u8, (y * 10) as u8, (255 - x * 3 - y * 5) as u8])
    })
}

fn open(bytes: &[u8]) -> Picture {
    Picture::from_bytes(bytes).unwrap()
}

fn fault(bytes: &[u8]) -> PictureFault {
    Picture::from_bytes(bytes).unwrap_err()
}

#[test]
fn every_kind_of_file() {
    let photo = photo();
    for format in [ImageFormat::Png, ImageFormat::Bmp, ImageFormat::WebP] {
        let read = open(&bytes(photo.clone(), format));
        assert_eq!((read.width(), read.height(), read.channels()), (40, 24, 3), "{format:?}");
        assert_eq!(read.as_bytes(), photo.as_raw(), "{format:?}");
    }
    for (format, most) in [(ImageFormat::Jpeg, 12), (ImageFormat::Gif, 40)] {
        let read = open(&bytes(photo.clone(), format));
        assert_eq!((read.width(), read.height(), read.channels()), (40, 24, 3), "{format:?}");
        let apart = read.as_bytes().iter().zip(photo.as_raw()).map(|(one, two)| one.abs_diff(*two));
        assert!(apart.max().unwrap() <= most, "{format:?}");
    }
    let grey = GrayImage::from_fn(9, 7, |x, y| Luma([(x * 20 + y) as u8]));
    let read = open(&bytes(grey.clone(), ImageFormat::Png));
    assert_eq!((read.channels(), read.as_bytes()), (1, &**grey.as_raw()));
    assert_eq!(open(&bytes(grey, ImageFormat::Jpeg)).channels(), 1);
}

#[test]
fn the_name_does_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["photo.jpg", "photo", "photo.txt", "photo.GIF"] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes(photo(), ImageFormat::Png)).unwrap();
        assert_eq!(Picture::open(&path).unwrap().as_bytes(), photo().as_raw());
    }
}

#[test]
fn only_the_first_frame_of_a_gif() {
    let mut file = Vec::new();
    let frame = |grey: u8| Frame::new(RgbaImage::from_pixel(6, 5, Rgba([grey, grey, grey, 255])));
    GifEncoder::new(&mut file).encode_frames([frame(40), frame(200)]).unwrap();
    assert_eq!(open(&file).as_bytes(), [40; 90]);
}

#[test]
fn what_is_transparent_lies_on_white() {
    // Noise that nobody sees.
    let pixels = RgbaImage::from_fn(4, 2, |x, y| match (x, y) {
        (0, _) => Rgba([(y * 97 + 3) as u8, 55, 201, 0]),
        (1, _) => Rgba([200, 100, 0, 255]),
        _ => Rgba([200, 100, 0, 51]),
    });
    let expected =
        [[255, 255, 255], [200, 100, 0], [244, 224, 204], [244, 224, 204]].concat().repeat(2);
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        assert_eq!(open(&bytes(pixels.clone(), format)).as_bytes(), expected, "{format:?}");
    }
    let grey = GrayAlphaImage::from_fn(3, 1, |x, _| LumaA([[7, 0], [7, 255], [0, 51]][x as usize]));
    let read = open(&bytes(grey, ImageFormat::Png));
    assert_eq!((read.channels(), read.as_bytes()), (1, &[255, 7, 204][..]));
    let clear = RgbaImage::from_pixel(3, 3, Rgba([1, 2, 3, 0]));
    assert_eq!(open(&bytes(clear, ImageFormat::Gif)).as_bytes(), [255; 27]);
}

#[test]
fn sixteen_bits() {
    let values = [0_u16, 128, 129, 257, 0x8080, 0xfffe, 0xffff];
    let grey = ImageBuffer::from_fn(7, 1, |x, _| Luma([values[x as usize]]));
    let read = open(&bytes(DynamicImage::ImageLuma16(grey), ImageFormat::Png));
    assert_eq!((read.channels(), read.as_bytes()), (1, &[0, 0, 1, 1, 128, 255, 255][..]));
    let colour = ImageBuffer::from_pixel(2, 2, Rgb([0xffff_u16, 0x8080, 0]));
    let read = open(&bytes(DynamicImage::ImageRgb16(colour), ImageFormat::Png));
    assert_eq!(read.as_bytes(), [255, 128, 0].repeat(4));
    let clear = ImageBuffer::from_pixel(2, 1, Rgba([0xffff_u16, 0x1234, 0, 0]));
    let read = open(&bytes(DynamicImage::ImageRgba16(clear), ImageFormat::Png));
    assert_eq!(read.as_bytes(), [255; 6]);
}

/// EXIF data that note an orientation as a type of integer: 1 BYTE, 3 SHORT, 4 LONG, and with a sign 6, 8, 9. Another entry comes first.
fn exif_of(kind: u16, count: u32, orientation: u8, is_little: bool) -> Vec<u8> {
    let number = |value: u32, bytes: usize| match is_little {
        true => value.to_le_bytes()[..bytes].to_vec(),
        false => value.to_be_bytes()[4 - bytes..].to_vec(),
    };
    let size = match kind {
        1 | 6 => 1,
        4 | 9 => 4,
        _ => 2,
    };
    let mut value = number(orientation.into(), size);
    value.resize(4, 0);
    let start = if is_little { &b"II*\0"[..] } else { b"MM\0*" };
    let width = [number(0x100, 2), number(4, 2), number(1, 4), number(77, 4)].concat();
    let entry = [number(0x112, 2), number(kind.into(), 2), number(count, 4), value].concat();
    [start, &number(8, 4), &number(2, 2), &width, &entry, &[0; 4]].concat()
}

/// EXIF data that notes an orientation.
fn exif(orientation: u8) -> Vec<u8> {
    let mut tiff = b"II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    tiff.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    tiff
}

/// A JPEG file with a segment behind its start marker.
fn with_app1(jpeg: &[u8], contents: &[u8]) -> Vec<u8> {
    let length = (contents.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, contents, &jpeg[2..]].concat()
}

/// A PNG chunk.
fn chunk(name: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    let covered = [name, contents].concat();
    let mut crc = u32::MAX;
    for &byte in &covered {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    [&(contents.len() as u32).to_be_bytes()[..], &covered, &(!crc).to_be_bytes()].concat()
}

/// A PNG file with a chunk behind its header.
fn with_chunk(png: &[u8], name: &[u8; 4], contents: &[u8]) -> Vec<u8> {
    [&png[..33], &chunk(name, contents), &png[33..]].concat()
}

/// Left half black, upper right quarter grey, lower right quarter white.
fn quarters() -> GrayImage {
    GrayImage::from_fn(32, 16, |x, y| {
        Luma([if x < 16 {
            0
        } else if y < 8 {
            128
        } else {
            255
        }])
    })
}

/// The corners: top left, top right, bottom left, bottom right.
fn corners(picture: &Picture) -> [u8; 4] {
    let (width, last) = (picture.width() as usize, picture.as_bytes().len() - 1);
    let bytes = picture.as_bytes();
    [bytes[0], bytes[width - 1], bytes[last + 1 - width], bytes[last]]
}

#[test]
fn pictures_are_turned_upright() {
    // In the order of EXIF's numbers, each as it is seen.
    let upright = [
        [0, 128, 0, 255],
        [128, 0, 255, 0],
        [255, 0, 128, 0],
        [0, 255, 0, 128],
        [0, 0, 128, 255],
        [0, 0, 255, 128],
        [255, 128, 0, 0],
        [128, 255, 0, 0],
    ];
    let jpeg = bytes(quarters(), ImageFormat::Jpeg);
    let png = bytes(quarters(), ImageFormat::Png);
    for (number, expected) in (1..).zip(upright) {
        let size = if number < 5 { (32, 16) } else { (16, 32) };
        let turned = open(&with_chunk(&png, b"eXIf", &exif(number)));
        assert_eq!((turned.width(), turned.height()), size, "{number}");
        assert_eq!(corners(&turned), expected, "PNG, {number}");
        let turned = open(&with_app1(&jpeg, &[b"Exif\0\0", &exif(number)[..]].concat()));
        assert_eq!((turned.width(), turned.height()), size, "{number}");
        for (found, expected) in corners(&turned).into_iter().zip(expected) {
            assert!(found.abs_diff(expected) < 12, "JPEG, {number}");
        }
    }
    // What cannot be read says nothing.
    for odd in [exif(0), exif(9), exif(255), exif(6)[..12].to_vec(), vec![]] {
        assert_eq!(open(&with_chunk(&png, b"eXIf", &odd)).width(), 32);
        assert_eq!(open(&with_app1(&jpeg, &[b"Exif\0\0", &odd[..]].concat())).width(), 32);
    }
}

#[test]
fn any_integer_in_any_file_that_has_exif_data() {
    let colour: RgbImage = DynamicImage::from(quarters()).into_rgb8();
    let (jpeg, png) = (bytes(quarters(), ImageFormat::Jpeg), bytes(quarters(), ImageFormat::Png));
    // A simple WebP file made into one that has more than pixels.
    let webp = |exif: &[u8]| {
        let pixels = bytes(colour.clone(), ImageFormat::WebP);
        let part = |name: &[u8; 4], contents: &[u8]| {
            let length = (contents.len() as u32).to_le_bytes();
            [&name[..], &length, contents, &[0][..contents.len() % 2]].concat()
        };
        let about = part(b"VP8X", &[8, 0, 0, 0, 31, 0, 0, 15, 0, 0]);
        let rest = [b"WEBP", &about[..], &pixels[12..], &part(b"EXIF", exif)].concat();
        [b"RIFF", &(rest.len() as u32).to_le_bytes()[..], &rest].concat()
    };
    let after_pixels = |exif: &[u8]| {
        [&png[..png.len() - 12], &chunk(b"eXIf", exif), &png[png.len() - 12..]].concat()
    };
    let sized = |file: &[u8]| open(file).height();
    for is_little in [true, false] {
        for kind in [1, 3, 4, 6, 8, 9] {
            let exif = exif_of(kind, 1, 6, is_little);
            let named = [b"Exif\0\0", &exif[..]].concat();
            // XMP is in a segment of the same kind.
            let xmp = with_app1(&with_app1(&jpeg, &named), b"http://ns.adobe.com/xap/1.0/\0<x/>");
            for (what, file) in [
                ("JPEG", with_app1(&jpeg, &named)),
                ("JPEG with XMP", xmp),
                ("PNG", with_chunk(&png, b"eXIf", &exif)),
                ("PNG, at its end", after_pixels(&exif)),
                ("PNG, named", with_chunk(&png, b"eXIf", &named)),
                ("WebP", webp(&exif)),
                ("WebP, named", webp(&named)),
            ] {
                assert_eq!(sized(&file), 32, "{what}, type {kind}");
            }
        }
        // Text, fractions, several numbers, none.
        for (kind, count) in [(2, 1), (5, 1), (3, 2), (4, 3), (3, 0), (12, 1)] {
            let exif = exif_of(kind, count, 6, is_little);
            assert_eq!(sized(&with_chunk(&png, b"eXIf", &exif)), 16, "type {kind}, {count}");
        }
    }
    assert_eq!(corners(&open(&webp(&exif(3))))[0], 255);
    // Cut at every place, and lengths that lie.
    for kept in 0..exif(6).len() {
        let _ = open(&with_chunk(&png, b"eXIf", &exif(6)[..kept]));
        let _ = open(&webp(&exif(6)[..kept]));
    }
    let mut odd = exif(6);
    odd[4..8].fill(0xff);
    assert_eq!(sized(&with_chunk(&png, b"eXIf", &odd)), 16);
}

#[test]
fn files_that_are_cut_off() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let whole = bytes(photo(), format);
        for share in [0.1, 0.3, 0.5, 0.7, 0.9] {
            let start = &whole[..(whole.len() as f64 * share) as usize];
            let fault = fault(start);
            assert!(matches!(fault, PictureFault::CutOff), "{format:?} {share}: {fault}");
            assert_eq!(fault.to_string(), "the file is cut off: its end is missing");
        }
    }
    for format in [ImageFormat::Bmp, ImageFormat::WebP, ImageFormat::Gif] {
        let whole = bytes(photo(), format);
        assert!(Picture::from_bytes(&whole[..whole.len() / 2]).is_err(), "{format:?}");
    }
    // The very end of a JPEG, and more than there should be.
    let jpeg = bytes(photo(), ImageFormat::Jpeg);
    assert!(matches!(fault(&jpeg[..jpeg.len() - 2]), PictureFault::CutOff));
    assert!(matches!(fault(&jpeg[..jpeg.len() - 1]), PictureFault::CutOff));
    assert_eq!(open(&[&jpeg[..], b"what some phones append"].concat()), open(&jpeg));
}

#[test]
fn a_thumbnail_does_not_end_a_jpeg() {
    let jpeg = bytes(photo(), ImageFormat::Jpeg);
    let small = bytes(GrayImage::new(8, 8), ImageFormat::Jpeg);
    let with_thumbnail = with_app1(&jpeg, &[b"Exif\0\0", &exif(1)[..], &small].concat());
    assert_eq!(open(&with_thumbnail), open(&jpeg));
    // The thumbnail is whole, the picture is not.
    let header = with_thumbnail.len() - jpeg.len();
    for kept in [header + 2, header + 200, with_thumbnail.len() - 3] {
        assert!(matches!(fault(&with_thumbnail[..kept]), PictureFault::CutOff), "{kept}");
    }
}

/// Bits of a JPEG scan, the highest first; a byte FF is followed by 00.
#[derive(Default)]
struct Bits(Vec<bool>);

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        self.0.extend((0..count).rev().map(|bit| value >> bit & 1 == 1));
    }

    fn bytes(mut self) -> Vec<u8> {
        while !self.0.len().is_multiple_of(8) {
            self.0.push(true);
        }
        let byte = |bits: &[bool]| bits.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
        let bytes = self.0.chunks(8).map(byte);
        bytes.flat_map(|byte| if byte == 0xff { vec![byte, 0] } else { vec![byte] }).collect()
    }
}

/// A grey picture of 8×8 pixels in colour, of this brightness, in scans as progressive files have them: the means without their
/// last bit, then the last bits.
fn progressive(width: u16, brightness: i32) -> Vec<u8> {
    let segment = |marker: u8, contents: &[u8]| {
        [&[0xff, marker][..], &(contents.len() as u16 + 2).to_be_bytes(), contents].concat()
    };
    let mut file = vec![0xff, 0xd8];
    // All steps are 8, so that a mean is its block's brightness from 128 on.
    file.extend(segment(0xdb, &[&[0][..], &[8; 64]].concat()));
    let size = [8, 0, 8, (width >> 8) as u8, width as u8];
    file.extend(segment(0xc2, &[&size[..], &[3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]].concat()));
    // Twelve codes of four bits for the numbers of bits 0 to 11.
    let counts = [0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let values: Vec<u8> = (0..12).collect();
    file.extend(segment(0xc4, &[&[0][..], &counts, &values].concat()));
    let scan = |file: &mut Vec<u8>, bits: Bits, steps: u8| {
        file.extend(segment(0xda, &[3, 1, 0, 2, 0, 3, 0, 0, 0, steps]));
        file.extend(bits.bytes());
    };
    let mean = brightness - 128;
    let mut first = Bits::default();
    let high = mean >> 1;
    let count = u32::BITS - high.unsigned_abs().leading_zeros();
    first.put(count, 4);
    first.put((if high < 0 { high - 1 } else { high }) as u32, count);
    first.put(0, 8);
    scan(&mut file, first, 0x01);
    let mut last = Bits::default();
    last.put((mean & 1) as u32, 1);
    last.put(0, 2);
    scan(&mut file, last, 0x10);
    file.extend([0xff, 0xd9]);
    file
}

#[test]
fn progressive_jpegs() {
    for brightness in [128, 179, 90, 1, 254] {
        let read = open(&progressive(8, brightness));
        assert_eq!((read.width(), read.height(), read.channels()), (8, 8, 3));
        assert_eq!(read.as_bytes(), [brightness as u8; 192], "{brightness}");
    }
    let whole = progressive(8, 179);
    // Without the second scan, and within it.
    let second = whole.windows(2).rposition(|two| two == [0xff, 0xda]).unwrap();
    for kept in [second, second + 4, whole.len() - 2] {
        assert!(matches!(fault(&whole[..kept]), PictureFault::CutOff), "{kept}");
    }
}

/// A picture of 8×8 pixels with four inks, as Photoshop writes it: inks are stored as 255 less, with `transform` 2 the first three as
/// YCbCr.
fn four_inks(transform: u8, values: [i32; 4]) -> Vec<u8> {
    let segment = |marker: u8, contents: &[u8]| {
        [&[0xff, marker][..], &(contents.len() as u16 + 2).to_be_bytes(), contents].concat()
    };
    let mut file = vec![0xff, 0xd8];
    file.extend(segment(0xee, &[b"Adobe\0\x64\0\0\0\0", &[transform][..]].concat()));
    // All steps are 8, so that a mean is its block's brightness from 128 on.
    file.extend(segment(0xdb, &[&[0][..], &[8; 64]].concat()));
    let parts: Vec<u8> = (1..=4).flat_map(|part| [part, 0x11, 0]).collect();
    file.extend(segment(0xc0, &[&[8, 0, 8, 0, 8, 4][..], &parts].concat()));
    // Twelve codes of four bits for the numbers of bits 0 to 11, and one of a single bit for the end of a block.
    let means: Vec<u8> = (0..12).collect();
    let counts = [0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    file.extend(segment(0xc4, &[&[0][..], &counts, &means].concat()));
    let counts = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    file.extend(segment(0xc4, &[&[0x10][..], &counts, &[0]].concat()));
    file.extend(segment(0xda, &[4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]));
    let mut bits = Bits::default();
    for value in values {
        let mean = value - 128;
        let count = u32::BITS - mean.unsigned_abs().leading_zeros();
        bits.put(count, 4);
        bits.put((if mean < 0 { mean - 1 } else { mean }) as u32, count);
        bits.put(0, 1);
    }
    file.extend(bits.bytes());
    file.extend([0xff, 0xd9]);
    file
}

#[test]
fn jpegs_with_four_inks() {
    for (transform, values, expected) in [
        (0, [255, 0, 0, 255], [255, 0, 0]),
        (0, [255, 255, 255, 255], [255, 255, 255]),
        (0, [255, 255, 255, 0], [0, 0, 0]),
        (0, [0, 255, 255, 128], [0, 128, 128]),
        // The opposite of red.
        (2, [179, 171, 1, 255], [255, 0, 0]),
        (2, [0, 128, 128, 128], [128, 128, 128]),
    ] {
        let read = open(&four_inks(transform, values));
        assert_eq!((read.width(), read.height(), read.channels()), (8, 8, 3));
        for (found, expected) in read.as_bytes().iter().zip(expected.iter().cycle()) {
            assert!(
                found.abs_diff(*expected) <= 3,
                "{transform} {values:?}: {:?}",
                &read.as_bytes()[..3]
            );
        }
    }
    let whole = four_inks(0, [255, 0, 0, 255]);
    assert!(matches!(fault(&whole[..whole.len() - 2]), PictureFault::CutOff));
}

#[test]
fn pictures_that_are_too_large() {
    // A header of 60000×60000 pixels and hardly any data.
    let size = [60_000_u32.to_be_bytes(), 60_000_u32.to_be_bytes()].concat();
    let png = [
        &b"\x89PNG\r\n\x1a\n"[..],
        &chunk(b"IHDR", &[&size[..], &[8, 2, 0, 0, 0]].concat()),
        &chunk(b"IDAT", &[0x78, 0x9c, 0x63, 0, 0, 0, 1, 0, 1]),
        &chunk(b"IEND", &[]),
    ]
    .concat();
    assert!(png.len() < 140);
    let fault = fault(&png);
    assert!(
        matches!(fault, PictureFault::TooLarge { width: 60_000, height: 60_000, .. }),
        "{fault}"
    );
    assert_eq!(
        fault.to_string(),
        "60000×60000 pixels take more than 512 MiB, the most that is opened; make the picture smaller"
    );
    let fault = |bytes: &[u8]| Picture::from_bytes(bytes).unwrap_err();
    let mut gif = bytes(RgbImage::new(2, 2), ImageFormat::Gif);
    gif[6..10].fill(0xff);
    assert!(matches!(fault(&gif), PictureFault::TooLarge { width: 65_535, height: 65_535, .. }));
    let mut bmp = bytes(RgbImage::new(2, 2), ImageFormat::Bmp);
    bmp[18..26].copy_from_slice(&[0, 0x40, 0, 0, 0, 0x40, 0, 0]);
    assert!(matches!(fault(&bmp), PictureFault::TooLarge { width: 16_384, height: 16_384, .. }));
    let mut jpeg = bytes(RgbImage::new(8, 8), ImageFormat::Jpeg);
    let frame = jpeg.windows(2).position(|two| two == [0xff, 0xc0]).unwrap();
    jpeg[frame + 5..frame + 9].copy_from_slice(&[0xff, 0, 0xff, 0]);
    let fault = fault(&jpeg);
    assert!(
        matches!(fault, PictureFault::TooLarge { width: 65_280, height: 65_280, .. }),
        "{fault}"
    );
}

#[test]
fn files_that_are_no_pictures() {
    let folder = tempfile::tempdir().unwrap();
    let said = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        let text = Picture::open(&path).unwrap_err().to_string();
        assert!(!text.contains('\n'), "{text}");
        text.replace(&*folder.path().to_string_lossy(), "F")
    };
    assert_eq!(said("empty.png", b""), "F/empty.png: an empty file, not a picture");
    let unknown = "not a PNG, JPEG, WebP, BMP or GIF picture";
    assert_eq!(said("text.jpg", b"hello"), format!("F/text.jpg: {unknown}"));
    assert_eq!(said("a.tiff", b"II*\0\x08\0\0\0"), format!("F/a.tiff: {unknown}"));
    assert_eq!(said("a.pdf", b"%PDF-1.7\n"), format!("F/a.pdf: {unknown}"));
    assert_eq!(said("a\n\u{1b}[31m.png", b"text"), format!("F/a\\n\\u{{1b}}[31m.png: {unknown}"));
    assert!(said("zeros.png", &[0; 100]).ends_with(unknown));
    // Nothing but the first bytes.
    for start in [&b"\x89PNG\r\n\x1a\n"[..], b"\xff\xd8\xff", b"GIF89a", b"BM", b"RIFF\0\0\0\0WEBP"]
    {
        assert!(Picture::from_bytes(start).is_err(), "{start:?}");
    }
    let at = |name: &str| Picture::open(folder.path().join(name)).unwrap_err();
    assert!(matches!(at("none.png").fault, PictureFault::Io(_)));
    assert!(at("none.png").to_string().contains("none.png: cannot be read: "));
    assert!(matches!(at("").fault, PictureFault::Io(_)));
}

#[test]
fn damaged_pictures_never_panic() {
    for format in
        [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP, ImageFormat::Bmp, ImageFormat::Gif]
    {
        let whole = bytes(photo(), format);
        let mut state = 7_u32;
        let mut random = |below: usize| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) as usize % below
        };
        for _ in 0..400 {
            let mut damaged = whole.clone();
            for _ in 0..1 + random(4) {
                let place = if random(2) == 0 { random(64) } else { random(whole.len()) };
                damaged[place] = random(256) as u8;
            }
            let _ = Picture::from_bytes(&damaged);
        }
    }
}
