use std::fs;

use burn::tensor::Device;
use keypoints_detect::Detector;
use keypoints_detect::image::GrayImage;

use super::*;

#[test]
fn bad_files_do_not_stop_the_others() {
    let folder = tempfile::tempdir().unwrap();
    let predictor = Detector::pretrained(&Device::flex()).unwrap().into_predictor();
    let mut files = Vec::new();
    for number in 0..70_u8 {
        let file = folder.path().join(format!("{number:02}.png"));
        match number {
            3 => fs::write(&file, "").unwrap(),
            40 => fs::write(&file, "no picture").unwrap(),
            66 => {}
            _ => GrayImage::from_fn(20, 30, |x, y| [(number as u32 * 3 + x * y) as u8].into())
                .save(&file)
                .unwrap(),
        }
        files.push(file);
    }
    let found = Predictions::of_pictures(&predictor, &files, true).unwrap();
    assert_eq!((found.unreadable(), found.is_empty()), (3, false));
    let csv = found.to_csv();
    assert_eq!(csv.lines().count(), 68);
    for (number, file) in files.iter().enumerate() {
        let named = csv.contains(&*file.display().to_string());
        assert_eq!(named, ![3, 40, 66].contains(&number), "{number}");
    }
    assert_eq!(csv.lines().next().unwrap().split(',').count(), 1 + 30 + 15);
    // One after the other as all at once, and pictures in place of the predictions alone.
    for number in [0, 63, 64, 69] {
        let alone = Predictions::of_pictures(&predictor, &files[number..=number], false).unwrap();
        let alone = alone.with_uncertainty(&predictor).unwrap().to_csv();
        let numbers = |line: &str| -> Vec<f32> {
            line.split(',').skip(1).map(|cell| cell.parse().unwrap()).collect()
        };
        let name = files[number].display().to_string();
        let together = numbers(csv.lines().find(|line| line.starts_with(&name)).unwrap());
        for (one, other) in numbers(alone.lines().nth(1).unwrap()).iter().zip(together) {
            assert!((one - other).abs() < 0.01, "{number}");
        }
    }
    let drawn = found.draw(&folder.path().join("overlays")).unwrap();
    assert_eq!(drawn.len(), 67);
    let none = Predictions::of_pictures(&predictor, &files[3..4], false).unwrap();
    assert_eq!((none.unreadable(), none.is_empty()), (1, true));
}

#[cfg(unix)]
#[test]
fn odd_names_do_not_break_the_table() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let folder = tempfile::tempdir().unwrap();
    let predictor = Detector::pretrained(&Device::flex()).unwrap().into_predictor();
    let names: [&[u8]; 4] = [b"a\xff.png", b"two\nlines.png", b"back\rwards.png", b"a, \"b\".png"];
    let files: Vec<PathBuf> =
        names.iter().map(|name| folder.path().join(OsStr::from_bytes(name))).collect();
    for file in &files {
        GrayImage::new(8, 8).save(folder.path().join("plain.png")).unwrap();
        fs::rename(folder.path().join("plain.png"), file).unwrap();
    }
    let found = Predictions::of_pictures(&predictor, &files, false).unwrap();
    let csv = found.to_csv();
    // Line ends are inside of quotes only.
    let mut quoted = false;
    let rows = csv.chars().filter(|&c| {
        quoted ^= c == '"';
        c == '\n' && !quoted
    });
    assert_eq!(rows.count(), 5);
    assert!(csv.contains("back\rwards.png\",") && csv.contains("a, \"\"b\"\".png\","), "{csv}");
    let json: serde_json::Value = serde_json::from_str(&found.to_json().unwrap()).unwrap();
    assert_eq!(json.as_array().unwrap().len(), 4);
    assert_eq!(found.draw(&folder.path().join("overlays")).unwrap().len(), 4);
}
