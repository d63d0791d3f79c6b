//! What is known about the competition's training file, checked where the file is at hand.

use std::collections::HashSet;
use std::path::PathBuf;

use keypoints_core::{hold_out, k_fold, kaggle15, picture_groups};
use keypoints_data::DataReport;
use keypoints_data::kaggle::DataDir;

#[test]
fn the_real_file_is_as_described_and_splits_fairly() {
    let Some(folder) = std::env::var_os("KEYPOINTS_KAGGLE_DIR").map(PathBuf::from) else {
        println!("skipped: KEYPOINTS_KAGGLE_DIR is not set");
        return;
    };
    let dataset = DataDir::new(folder).training().unwrap();

    let report = DataReport::new(&dataset);
    println!("{report}");
    assert_eq!((report.rows, report.coordinates.len(), report.complete_rows), (7049, 30, 2140));
    assert_eq!((report.schema.as_str(), report.pictures), ("kaggle-15", kaggle15::SHAPE));
    assert_eq!(report.gaps_per_row[&22], 4755);
    let rows_of = |name: &str| report.sources.get(name).copied();
    assert_eq!((rows_of("full"), rows_of("four_point")), (Some(2284), Some(4765)));
    assert_eq!(report.duplicates.distinct_pictures, 6494);
    // Networks that saw faces and their mirror images were found to answer 0.2 and 1.2 px to the left of the labels.
    let shifts = report.label_shifts;
    let shift_of = |name: &str| shifts.get(name).unwrap();
    assert!((0.15..0.45).contains(shift_of("full")), "{shifts:?}");
    assert!((1.05..1.35).contains(shift_of("four_point")), "{shifts:?}");

    let groups = picture_groups(dataset.pictures());
    let folds = k_fold(&dataset, 5, 42).unwrap();
    for split in folds.iter().chain([&hold_out(&dataset, 0.2, 42).unwrap()]) {
        let pictures = |rows: &[usize]| rows.iter().map(|&row| groups[row]).collect::<HashSet<_>>();
        assert!(pictures(&split.train).is_disjoint(&pictures(&split.validation)));
        let rows = split.validation.iter();
        let full = rows.filter(|&&row| dataset.sources()[row] == kaggle15::FULL).count();
        assert!(full.abs_diff(2284 / 5) <= 2, "{full}");
        assert!((split.validation.len() - full).abs_diff(4765 / 5) <= 2);
    }
}
