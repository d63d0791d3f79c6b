use std::fs;

use keypoints_detect::image::GrayImage;
use keypoints_detect::{Detector, Device, TrackerSettings};

use super::*;

fn tracker() -> Tracker {
    let detector = Detector::pretrained(&Device::flex()).unwrap();
    Tracker::new(detector, TrackerSettings { search_every: None, ..Default::default() })
}

/// A folder of grey frames, the third of which is none.
fn frames(folder: &Path) {
    for number in 0..5 {
        let pixel = |x: u32, y: u32| [(x * 5 + y * 3 + number) as u8].into();
        let file = folder.join(format!("{number}.png"));
        GrayImage::from_fn(64, 48, pixel).save(file).unwrap();
    }
    fs::write(folder.join("2.png"), "no picture").unwrap();
}

#[test]
fn a_bad_frame_does_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    frames(folder.path());
    let (out, drawn) = (folder.path().join("faces.csv"), folder.path().join("drawn"));
    fs::write(&out, "old").unwrap();
    let options = TrackOptions {
        face: Some("10,4,40,40".parse().unwrap()),
        out: Some(out.clone()),
        drawn: Some(drawn.clone()),
        ..Default::default()
    };
    let video = VideoFrames::open(Some(folder.path()), None, Some(&drawn)).unwrap();
    let counts = track_video(&mut tracker(), video, &options).unwrap();
    assert_eq!((counts.frames, counts.faces, counts.unreadable), (4, 1, 1));
    let said = counts.to_string();
    assert!(said.starts_with("4 frames read (") && said.ends_with("1 frame could not be read"));
    assert!(fs::read_to_string(&out).unwrap().contains("\n0,0.000000,1,1.000,"));
    let mut files: Vec<_> =
        fs::read_dir(&drawn).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(files, ["000000.jpg", "000001.jpg", "000003.jpg", "000004.jpg"]);
    // What fails leaves the file as it was.
    let face = Some("1000,4,40,40".parse().unwrap());
    let video = VideoFrames::open(Some(folder.path()), None, Some(&drawn)).unwrap();
    let before = fs::read(&out).unwrap();
    assert!(track_video(&mut tracker(), video, &TrackOptions { face, ..options }).is_err());
    assert_eq!(fs::read(&out).unwrap(), before);
}
