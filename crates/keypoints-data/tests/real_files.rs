//! The competition's own files, where they are at hand.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::collections::BTreeMap;

use keypoints_core::kaggle15;
use keypoints_data::kaggle::DataDir;

fn data_dir() -> Option<DataDir> {
    let folder = std::env::var_os("KEYPOINTS_KAGGLE_DIR");
    if folder.is_none() {
        eprintln!(
            "skipped: KEYPOINTS_KAGGLE_DIR does not name a folder with the competition's files"
        );
    }
    folder.map(DataDir::new)
}

#[test]
fn training_faces_and_their_gaps() {
    let Some(data) = data_dir() else { return };
    assert!(data.has_competition_files());
    let faces = data.training().unwrap();
    assert_eq!(faces.len(), 7049);
    assert_eq!(faces.complete_rows().len(), 2140);
    let with_22_gaps = faces.labels().iter().filter(|labels| 30 - labels.count() == 22).count();
    assert_eq!(with_22_gaps, 4755);
}

#[test]
fn test_images_and_what_is_asked_of_them() {
    let Some(data) = data_dir() else { return };
    let (test, lookup) = data.test_and_lookup().unwrap();
    assert_eq!((test.len(), lookup.len()), (1783, 27_124));
    let mut requests = BTreeMap::new();
    for request in lookup.requests() {
        *requests.entry(request.image_id).or_insert(0) += 1;
    }
    let full =
        requests.values().filter(|&&count| kaggle15::source_of_count(count) == kaggle15::FULL);
    assert_eq!(full.count(), 591);
}
