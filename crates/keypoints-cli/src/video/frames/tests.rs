use std::fs;

use keypoints_image::image::GrayImage;

use super::*;

fn save(folder: &Path, name: &str, value: u8) {
    GrayImage::from_pixel(3, 2, [value].into()).save(folder.join(name)).unwrap();
}

#[test]
fn a_folder_is_read_in_the_order_of_its_names() {
    let folder = tempfile::tempdir().unwrap();
    save(folder.path(), "f10.png", 10);
    save(folder.path(), "f9.PNG", 9);
    save(folder.path(), "f1.bmp", 1);
    fs::write(folder.path().join("f2.jpg"), "no picture").unwrap();
    fs::write(folder.path().join("notes.txt"), "no frame").unwrap();
    let drawn = folder.path().join("drawn");
    fs::create_dir(&drawn).unwrap();
    save(&drawn, "000000.png", 77);
    for path in [folder.path().to_owned(), folder.path().join("f*")] {
        let frames = VideoFrames::open(Some(&path), None, Some(&drawn)).unwrap();
        assert_eq!((frames.rate(), frames.left(), frames.files().len()), (30.0, Some(4), 4));
        let read: Vec<Result<u8, String>> = frames
            .map(|frame| Ok(frame.map_err(|error| format!("{error:#}"))?.as_bytes()[0]))
            .collect();
        assert_eq!([read[0].clone(), read[2].clone(), read[3].clone()], [Ok(1), Ok(9), Ok(10)]);
        assert!(read[1].as_ref().unwrap_err().contains("f2.jpg: not a PNG"));
    }
}

#[test]
fn a_stream_says_its_rate_unless_it_is_given() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("video.y4m");
    fs::write(&file, b"YUV4MPEG2 W2 H1 F25:1 Cmono\nFRAME\n\x01\x02FRAME\n\x03").unwrap();
    let mut frames = VideoFrames::open(Some(&file), None, None).unwrap();
    assert_eq!((frames.rate(), frames.left()), (25.0, None));
    assert_eq!(VideoFrames::open(Some(&file), Some(5.0), None).unwrap().rate(), 5.0);
    assert_eq!(frames.next().unwrap().unwrap().as_bytes(), [1, 2]);
    let error = format!("{:#}", frames.next().unwrap().unwrap_err());
    assert!(error.ends_with("video.y4m: frame 1: cut off after 1 of 2 bytes"), "{error}");
    assert!(frames.next().is_none());
}

#[test]
fn what_is_no_video_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let said = |path: &Path| {
        format!("{:#}", VideoFrames::open(Some(path), None, Some(folder.path())).err().unwrap())
    };
    assert!(said(folder.path()).contains("draw into another"));
    assert!(said(&folder.path().join("none.y4m")).contains("none.y4m: cannot be read"));
    save(folder.path(), "one.png", 1);
    assert!(said(&folder.path().join("one.png")).contains("one.png: not a YUV4MPEG2 stream"));
    let empty = folder.path().join("empty");
    fs::create_dir(&empty).unwrap();
    let video = VideoFrames::open(Some(&empty), None, None).unwrap();
    assert_eq!((video.missing(), video.left()), (1, Some(0)));
}
