//! Uncompressed video: whole, cut off, absurd.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::io::{self, Read};

use keypoints_image::{Picture, Y4mError, Y4mFault, Y4mFrames};

fn stream(header: &str, frames: &[&[u8]]) -> Vec<u8> {
    let mut bytes = format!("YUV4MPEG2 {header}\n").into_bytes();
    for frame in frames {
        bytes.extend(b"FRAME\n");
        bytes.extend(*frame);
    }
    bytes
}

fn read(bytes: &[u8]) -> Result<Vec<Picture>, Y4mError> {
    Y4mFrames::new(bytes)?.collect()
}

fn fault(bytes: &[u8]) -> String {
    read(bytes).unwrap_err().to_string()
}

#[test]
fn colours_lie_where_their_samples_do() {
    // Three by three pixels, and two by two colour samples: grey, red; green, blue at the corners.
    let luma = [126, 126, 81, 126, 126, 81, 145, 145, 41];
    let (blue, red) = ([128, 90, 54, 240], [128, 240, 34, 110]);
    let frame = [&luma[..], &blue, &red].concat();
    for name in ["", " C420", " C420jpeg", " C420mpeg2", " C420paldv"] {
        let pictures = read(&stream(&format!("W3 H3 F25:1{name}"), &[&frame, &frame])).unwrap();
        assert_eq!(pictures.len(), 2);
        let image = pictures[1].as_image().to_rgb8();
        for (x, y, expected) in [
            (0, 0, [128, 128, 128]),
            (1, 1, [128, 128, 128]),
            (2, 0, [254, 0, 0]),
            (2, 1, [254, 0, 0]),
            (1, 2, [0, 255, 1]),
            (2, 2, [0, 0, 255]),
        ] {
            let found = image.get_pixel(x, y).0;
            let close = found.iter().zip(expected).all(|(one, other)| one.abs_diff(other) <= 1);
            assert!(close, "{x}, {y}: {found:?} is not {expected:?}");
        }
    }
}

#[test]
fn other_layouts_are_read_too() {
    // Red and blue, one below the other, twice.
    let luma = [81, 81, 41, 41];
    let half = read(&stream("W2 H2 C422", &[&[&luma[..], &[90, 240], &[240, 110]].concat()]));
    let (blue, red) = ([90, 90, 240, 240], [240, 240, 110, 110]);
    let full = read(&stream("W2 H2 C444", &[&[&luma[..], &blue, &red].concat()]));
    let (half, full) = (half.unwrap(), full.unwrap());
    assert_eq!(half, full);
    assert_eq!(half[0].as_bytes()[..2], [254, 0]);
    let grey = read(&stream("W2 H2 Cmono", &[&[0, 16, 235, 255]])).unwrap();
    assert_eq!((grey[0].channels(), grey[0].as_bytes()), (1, &[0, 16, 235, 255][..]));
    let limited = read(&stream("W2 H2 Cmono XCOLORRANGE=LIMITED", &[&[0, 16, 235, 255]])).unwrap();
    assert_eq!(limited[0].as_bytes(), [0, 0, 255, 255]);
}

#[test]
fn a_frame_may_have_parameters() {
    let mut bytes = stream("W1 H1 Cmono", &[&[7]]);
    bytes.extend(b"FRAME Ip XCOMMENT\n\x09");
    assert_eq!(read(&bytes).unwrap()[1].as_bytes(), [9]);
}

#[test]
fn a_stream_without_frames_is_empty() {
    assert_eq!(read(&stream("W8 H8", &[])).unwrap(), []);
}

#[test]
fn of_a_stream_that_is_cut_off_the_whole_frames_are_read() {
    let whole = stream("W2 H2 Cmono", &[&[1; 4], &[2; 4], &[3; 4]]);
    for (missing, what) in [
        (1, "frame 2: cut off after 3 of 4 bytes"),
        (4, "frame 2: cut off after 0 of 4 bytes"),
        (5, "frame 2: cut off in the header"),
        (9, "frame 2: cut off in the header"),
    ] {
        let cut = &whole[..whole.len() - missing];
        let mut frames = Y4mFrames::new(cut).unwrap();
        assert_eq!(frames.next().unwrap().unwrap().as_bytes(), [1; 4]);
        assert_eq!(frames.next().unwrap().unwrap().as_bytes(), [2; 4]);
        let error = frames.next().unwrap().unwrap_err();
        assert_eq!((error.frame, error.to_string()), (Some(2), what.to_owned()));
        assert!(frames.next().is_none());
    }
    assert_eq!(fault(b"YUV4MPEG2 W2 H2"), "cut off in the header");
    let mut odd = stream("W2 H2 Cmono", &[&[1; 4]]);
    odd.extend(b"FRAMES\n1234");
    assert_eq!(fault(&odd), "frame 1: `FRAMES` where a frame should begin; the stream is damaged");
}

#[test]
fn other_files_are_called_so() {
    assert_eq!(fault(b""), "an empty stream, not a video");
    for (bytes, found) in [
        (&b"\x89PNG\r\n\x1a\n"[..], r"\x89PNG\r\n\x1a\n"),
        (b"YUV4MPEG W2 H2\n", "YUV4MPEG W2 H2\\n"),
        (b"YUV4MPEG3 W2 H2\n", "YUV4MPEG3 W2 H2\\n"),
        (b"YUV4MPEG22 W2 H2\n", "YUV4MPEG22 W2 H2"),
        (&[0; 90_000], r"\x00\x00"),
    ] {
        let said = fault(bytes);
        let expected = format!("not a YUV4MPEG2 stream: it begins with `{found}");
        assert!(said.starts_with(&expected) && said.contains("ffmpeg"), "{said}");
    }
}

#[test]
fn formats_that_are_not_read_are_named_with_a_way_out() {
    for name in ["420p10", "422p12", "444alpha", "411", "mono16", "", "\u{7}"] {
        let said = fault(&stream(&format!("W2 H2 C{name}"), &[&[0; 99]]));
        assert!(said.contains("`-pix_fmt yuv420p`"), "{said}");
        assert!(said.contains(&format!("C{} ", name.escape_default()).replace("\\u{7}", "\\x07")));
    }
}

/// Whoever reads it fails.
#[derive(Debug)]
struct Unread;

impl Read for Unread {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::Error::other("nobody was to read this"))
    }
}

#[test]
fn absurd_sizes_are_refused_before_memory_is_taken() {
    for (header, found) in [
        ("W0 H2", "W0"),
        ("W2 H-1", "H-1"),
        ("W2 Hx", "Hx"),
        ("W99999999999 H2", "W99999999999"),
        ("W2", ""),
        ("H2", ""),
    ] {
        let said = fault(&stream(header, &[]));
        assert!(said.contains(&format!("the header has `{found}` where ")), "{said}");
    }
    for header in ["W4294967295 H4294967295", "W13378 H13378 Cmono"] {
        let header = stream(header, &[]);
        let frames = Y4mFrames::new(header.chain(Unread));
        let fault = frames.unwrap_err().fault;
        assert!(matches!(fault, Y4mFault::TooLarge { .. }), "{fault}");
    }
    // As large as is read, but there is nothing: memory is taken as the samples come.
    let cut = stream("W13377 H13377 Cmono", &[&[0; 3]]);
    assert_eq!(fault(&cut), "frame 0: cut off after 3 of 178944129 bytes");
    let long = format!("YUV4MPEG2 W2 H2 X{}\n", "x".repeat(5000));
    assert!(fault(long.as_bytes()).contains("a line of more than 4096 bytes"));
    let mut long = stream("W2 H2 Cmono", &[]);
    long.extend([b'F'; 100_000]);
    assert!(fault(&long).starts_with("frame 0: a line of more than 4096 bytes"));
}

#[test]
fn what_the_operating_system_says_is_passed_on() {
    let header = stream("W2 H2 Cmono", &[&[1; 4]]);
    let mut frames = Y4mFrames::new(header.chain(Unread)).unwrap();
    assert!(frames.next().unwrap().is_ok());
    let error = frames.next().unwrap().unwrap_err();
    assert_eq!(error.to_string(), "frame 1: cannot be read: nobody was to read this");
}
