use std::path::Path;

use super::*;
use crate::kaggle::{check_lookup, read_lookup, read_test, read_training};
use keypoints_core::{Dataset, Keypoint, Labels, Point, Schema, kaggle15, picture_groups};

fn small() -> SynthConfig {
    SynthConfig { training: 60, test: 12, ..SynthConfig::default() }
}

/// Mean grey of the pixels within `reach` of a place, `from` excluded and nearer ones too.
fn mean_grey(face: &SyntheticFace, place: Point, from: f32, reach: f32) -> f32 {
    let (mut sum, mut count) = (0.0, 0.0);
    for (pixel, &grey) in face.pixels.iter().enumerate() {
        let (column, row) = ((pixel % SIDE) as f32, (pixel / SIDE) as f32);
        let distance = (column - place.x).hypot(row - place.y);
        if distance <= reach && distance > from {
            sum += f32::from(grey);
            count += 1.0;
        }
    }
    sum / count
}

#[test]
fn the_seed_and_the_number_decide_everything() {
    let config = small();
    let set = generate(&config);
    assert_eq!(set, generate(&config));
    let other = generate(&SynthConfig { seed: 43, ..config.clone() });
    assert!(
        set.training.pictures().iter().zip(other.training.pictures().iter()).all(|(a, b)| a != b)
    );
    assert_ne!(face(42, 0).points, face(42, 1).points);

    // More training rows leave the test images alone.
    let longer = generate(&SynthConfig { training: 80, ..config });
    assert_eq!(set.test, longer.test);
    assert_eq!(set.solution, longer.solution);
}

#[test]
fn threads_make_no_difference() {
    let with = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| generate(&small()))
    };
    assert_eq!(with(1), with(3));
}

#[test]
fn points_stay_on_the_picture_and_on_their_sides() {
    let schema = Schema::kaggle15();
    for index in 0..500 {
        let source = [kaggle15::FULL, kaggle15::FOUR_POINT][index as usize % 2];
        let face = face_of_source(1, index, source);
        for (_, value) in face.labels().present() {
            assert!((0.0..=95.0).contains(&value), "face {index}: {value}");
        }
        for keypoint in schema.keypoints() {
            let point = face.points[keypoint.index()];
            assert!((0.0..=95.0).contains(&point.x) && (0.0..=95.0).contains(&point.y));
            let mirrored = face.points[schema.mirrored(keypoint).unwrap().index()];
            let name = schema.name_of(keypoint);
            if name.contains("left") {
                assert!(point.x > mirrored.x, "face {index}: {name}");
            }
        }
        let y = |keypoint: Keypoint| face.points[keypoint.index()].y;
        assert!(y(kaggle15::NOSE_TIP) < y(kaggle15::MOUTH_CENTER_TOP_LIP), "face {index}");
        assert!(y(kaggle15::MOUTH_CENTER_TOP_LIP) < y(kaggle15::MOUTH_CENTER_BOTTOM_LIP));
    }
}

#[test]
fn pupils_are_darker_than_what_surrounds_them() {
    for keypoint in [kaggle15::LEFT_EYE_CENTER, kaggle15::RIGHT_EYE_CENTER] {
        let darker = (0..200)
            .map(|index| face(2, index))
            .filter(|face| {
                let pupil = face.points[keypoint.index()];
                mean_grey(face, pupil, -1.0, 1.5) < mean_grey(face, pupil, 4.0, 8.0) - 3.0
            })
            .count();
        assert!(darker >= 170, "{keypoint:?}: {darker} of 200");
    }
}

/// Labels that lie where those of the competition's files lie on average, within a few pixels.
#[test]
fn the_mean_face_is_that_of_the_competition() {
    // Rounded means of the training data's full rows, in column order.
    const FULL: [f32; 30] = [
        66.1, 36.9, 29.7, 37.1, 59.2, 37.9, 73.3, 37.7, 36.7, 38.0, 22.4, 38.0, 56.1, 29.3, 79.5,
        29.7, 39.3, 29.5, 15.9, 30.4, 47.9, 57.4, 63.3, 76.0, 32.9, 76.2, 48.0, 72.9, 48.0, 82.4,
    ];
    // The same of the four-point rows.
    const FOUR: [f32; 8] = [66.5, 38.0, 30.6, 38.4, 48.6, 65.3, 48.8, 77.3];
    for (source, expected) in [(kaggle15::FULL, &FULL[..]), (kaggle15::FOUR_POINT, &FOUR)] {
        const FACES: u64 = 600;
        let mut sums = vec![0.0; expected.len()];
        for index in 0..FACES {
            let labels = face_of_source(3, index, source).labels();
            sums.iter_mut().zip(labels.present()).for_each(|(sum, (_, value))| *sum += value);
        }
        for (column, (sum, &expected)) in sums.iter().zip(expected).enumerate() {
            let mean = sum / FACES as f32;
            assert!((mean - expected).abs() < 2.0, "{source:?} {column}: {mean} for {expected}");
        }
    }
}

#[test]
fn four_point_labels_are_off_by_the_stated_offsets() {
    let face = face_of_source(4, 0, kaggle15::FOUR_POINT);
    let labels = face.labels();
    assert_eq!((labels.count(), face.source), (8, kaggle15::FOUR_POINT));
    assert_eq!(kaggle15::source_of_count(labels.count()), face.source);
    for (keypoint, offset) in kaggle15::FOUR_POINTS.into_iter().zip(FOUR_POINT_OFFSETS) {
        let (label, truth) = (labels.point(keypoint).unwrap(), face.points[keypoint.index()]);
        assert_eq!((label.x, label.y), (truth.x + offset.x, truth.y + offset.y));
    }
    let full = face_of_source(4, 0, kaggle15::FULL);
    assert!(full.labels().points().map(|(_, point)| point).eq(full.points));
}

#[test]
fn a_set_has_the_habits_of_the_real_one() {
    let set = generate(&SynthConfig { training: 1000, test: 40, ..SynthConfig::default() });
    let report = crate::DataReport::new(&set.training);
    assert_eq!(report.sources.get("four_point"), Some(&676));
    assert!((0.02..0.12).contains(&(1.0 - report.complete_rows as f64 / 324.0)));
    assert!((40..=130).contains(&(1000 - report.duplicates.distinct_pictures)));
    assert_eq!(report.duplicates.mixed_sources, 0);

    assert_eq!(set.test.image_ids(), (1..=40).collect::<Vec<_>>());
    assert_eq!(set.lookup.len(), 13 * 30 + 27 * 8);
    let asked = set.lookup.requests().iter().map(|request| request.row_id);
    assert!(asked.eq(set.solution.iter().map(|&(row_id, _)| row_id)));
    assert!(set.lookup.requests().is_sorted_by_key(|r| (r.image_id, r.coordinate.index())));
}

#[test]
fn odd_settings_make_no_trouble() {
    let none = generate(&SynthConfig { training: 0, test: 0, ..SynthConfig::default() });
    assert!(none.training.is_empty() && none.test.is_empty() && none.lookup.is_empty());
    for share in [0.0, 1.0, -1.0, 9.0, f64::NAN] {
        let config = SynthConfig {
            training: 4,
            test: 2,
            seed: 0,
            four_point_share: share,
            odd_gap_share: share,
            duplicate_share: share,
        };
        assert_eq!(generate(&config).training.len(), 4, "{share}");
    }
    let all_the_same = SynthConfig { duplicate_share: 1.0, four_point_share: 0.0, ..small() };
    let groups = picture_groups(generate(&all_the_same).training.pictures());
    assert!(groups.iter().all(|&group| group == 0));
}

fn bits(dataset: &Dataset) -> Vec<Option<u32>> {
    let coordinates = dataset.schema().coordinates();
    let values = |row| coordinates.clone().map(move |one| Labels::get(row, one));
    dataset.labels().iter().flat_map(values).map(|value| value.map(f32::to_bits)).collect()
}

#[test]
fn written_files_read_back_as_they_were() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().join("new");
    let set = generate(&small());
    write_files(&set, &dir, false).unwrap();

    let training = read_training(&dir.join("training.csv")).unwrap();
    assert_eq!(training.pictures(), set.training.pictures());
    assert_eq!(bits(&training), bits(&set.training));
    assert_eq!(training.sources(), set.training.sources());
    let test = read_test(&dir.join("test.csv")).unwrap();
    assert_eq!(test, set.test);
    let lookup_path = dir.join("IdLookupTable.csv");
    let lookup = read_lookup(&lookup_path).unwrap();
    assert_eq!(lookup, set.lookup);
    check_lookup(&lookup, &test, &lookup_path).unwrap();

    let text = |name: &str| std::fs::read_to_string(dir.join(name)).unwrap();
    let header = Schema::kaggle15().coordinate_names();
    assert_eq!(text("training.csv").lines().next().unwrap(), header.join(",") + ",Image");
    assert!(text("test.csv").starts_with("ImageId,Image\n1,"));
    let lookup_start = "RowId,ImageId,FeatureName,Location\n1,1,left_eye_center_x,\n2,1,left_eye";
    assert!(text("IdLookupTable.csv").starts_with(lookup_start));
    assert!(text("SampleSubmission.csv").starts_with("RowId,Location\n1,0\n2,0\n"));
    let answers: Vec<(u32, f32)> = text("solution.csv")
        .lines()
        .skip(1)
        .map(|line| {
            let (row_id, value) = line.split_once(',').unwrap();
            (row_id.parse().unwrap(), value.parse().unwrap())
        })
        .collect();
    assert_eq!(answers, set.solution);
    assert_eq!(names(&dir).len(), 5, "nothing else is left behind");
}

fn names(dir: &Path) -> Vec<std::ffi::OsString> {
    std::fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name()).collect()
}

#[test]
fn files_that_are_there_stay_unless_told_otherwise() {
    let folder = tempfile::tempdir().unwrap();
    let taken = folder.path().join("test.csv");
    std::fs::write(&taken, "precious").unwrap();
    let set = generate(&SynthConfig { training: 2, test: 1, ..SynthConfig::default() });

    let error = write_files(&set, folder.path(), false).unwrap_err();
    assert!(matches!(&error, SynthError::Exists { path } if *path == taken));
    assert!(error.to_string().contains("test.csv"), "{error}");
    assert_eq!(names(folder.path()), ["test.csv"], "nothing was written beside it");
    assert_eq!(std::fs::read_to_string(&taken).unwrap(), "precious");

    write_files(&set, folder.path(), true).unwrap();
    assert_eq!(read_test(&taken).unwrap(), set.test);
}

#[test]
fn a_folder_that_cannot_be_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let set = generate(&SynthConfig { training: 1, test: 1, ..SynthConfig::default() });
    let error = write_files(&set, &file, false).unwrap_err();
    assert!(matches!(&error, SynthError::Io { path, .. } if *path == file), "{error}");
}
