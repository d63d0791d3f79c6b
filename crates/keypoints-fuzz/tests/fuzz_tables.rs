//! Tables and label files.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::fmt::Write;
use std::path::Path;

use keypoints_core::Schema;
use keypoints_data::annotations::{ReadOptions, find};
use keypoints_data::kaggle::{read_lookup, read_test, read_training};
use keypoints_data::read_row_list;
use keypoints_fuzz::{Meter, Seeds};
use keypoints_kaggle::Submission;

#[global_allocator]
static METER: Meter = Meter;

const WORDS: [&[u8]; 24] = [
    b"\r\n",
    b"\r",
    b"\n\n",
    b",,",
    b";",
    b"\t",
    b"\"",
    b"\"\"",
    b"nan",
    b"NA",
    b"1e400",
    b"-0",
    b"0,5",
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\x1f\x8b\x08",
    b"PK\x03\x04",
    b"[1 2 ... 3]",
    b"Image",
    b"ImageId",
    b"RowId",
    b"\0",
    b"99999999999999999999",
    b"\xc3\x28",
];

/// Reads bytes as a file of that name in a fresh folder.
fn as_file(folder: &Path, name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, bytes).unwrap();
    path
}

fn training() -> String {
    let mut text = Schema::kaggle15().coordinate_names().join(",") + ",Image\n";
    for row in 0..2 {
        for at in 0..30 {
            if (at + row) % 7 != 3 {
                let _ = write!(text, "{}.5", 20 + at);
            }
            text.push(',');
        }
        let pixels: Vec<String> = (0..9216).map(|at| (at % 10).to_string()).collect();
        text += &pixels.join(" ");
        text.push('\n');
    }
    text
}

#[test]
fn training_tables() {
    let folder = tempfile::tempdir().unwrap();
    let test = training().lines().map(|line| line.rsplit_once(',').unwrap().1).zip(0..).fold(
        String::new(),
        |text, (pixels, row)| {
            text + &if row == 0 {
                "ImageId,Image\n".to_owned()
            } else {
                format!("{row},{pixels}\n")
            }
        },
    );
    let files = vec![training().into_bytes(), test.into_bytes()];
    Seeds { name: "training_tables", files, words: &WORDS, memory: 1 << 28 }.fuzz(|bytes| {
        let path = as_file(folder.path(), "training.csv", bytes);
        let _ = read_training(&path);
        let _ = read_test(&path);
    });
}

#[test]
fn small_tables() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        "RowId,ImageId,FeatureName,Location\n1,1,left_eye_center_x,\n2,1,left_eye_center_y,\n3,2,nose_tip_x,\n",
        "RowId,Location\n1,66.03\n2,39.0\n3,30.2\n",
        "row,why\n3,blurred\n17,\"two, faces\"\n",
        "row\n1\n2\n",
    ];
    let files = files.iter().map(|text| text.as_bytes().to_vec()).collect();
    Seeds { name: "small_tables", files, words: &WORDS, memory: 1 << 28 }.fuzz(|bytes| {
        let path = as_file(folder.path(), "table.csv", bytes);
        let _ = read_lookup(&path);
        let _ = Submission::read(&path);
        if let Ok(rows) = read_row_list(&path, 100) {
            assert!(rows.iter().all(|&row| row < 100));
        }
    });
}

#[test]
fn label_files() {
    let folder = tempfile::tempdir().unwrap();
    let files = [
        "version: 1\nn_points: 3\n{\n10.5 20\n30 40.25\n50 60\n}\n",
        r#"{ "images": [{ "id": 1, "file_name": "a.png", "width": 9, "height": 8 }],
             "categories": [{ "id": 1, "name": "paw", "keypoints": ["l", "m", "r"] }],
             "annotations": [{ "id": 1, "image_id": 1, "category_id": 1, "bbox": [1, 1, 5, 5], "num_keypoints": 2,
                               "keypoints": [1, 2, 2, 3, 4, 1, 0, 0, 0] }] }"#,
        "<?xml version='1.0'?><dataset><images><image file='a.png'><box top='1' left='2' width='5' height='6'>\
         <part name='0' x='3' y='4'/><part name='1' x='5' y='6'/></box></image></images></dataset>",
        "picture,left_x,left_y,right_x,right_y\na.png,1,2,3,4\nb.png,,,5.5,6\n",
        "picture;left_x;left_y\na.png;1,5;2\n",
        r#"{ "name": "paw", "keypoints": ["l", "m", "r"], "mirror_pairs": [["l", "r"]] }"#,
    ];
    let files: Vec<Vec<u8>> = files.iter().map(|text| text.as_bytes().to_vec()).collect();
    let words: Vec<&[u8]> = WORDS
        .iter()
        .copied()
        .chain([
            &b"n_points: 99999999"[..],
            b"{",
            b"}",
            b"[[[[[[[[",
            b"<part",
            b"<!DOCTYPE a [<!ENTITY b '&b;'>]>",
            b"&#0;",
            b"\"bbox\"",
            b"1e309",
        ])
        .collect();
    let names = ["labels.pts", "labels.json", "labels.xml", "labels.csv"];
    let mut turn = 0;
    Seeds { name: "label_files", files, words: &words, memory: 1 << 28 }.fuzz(|bytes| {
        turn += 1;
        let path = as_file(folder.path(), names[turn % names.len()], bytes);
        if let Ok(found) = find(&path, None) {
            let _ = found.format.read(&found.path, &ReadOptions::default());
        }
        let _ = serde_json::from_slice::<Schema>(bytes);
        let _ = std::fs::remove_file(&path);
    });
}
