use super::*;
use crate::kaggle;
use keypoints_core::{Labels, Pictures, kaggle15};

fn labels(count: usize, value: f32) -> Labels {
    Coordinate::all(15).take(count).map(|coordinate| (coordinate, value)).collect()
}

/// Pictures a, b, a, a, c, b; b is labelled by both sources.
fn dataset() -> Dataset {
    let pixels =
        [10u8, 20, 10, 10, 60, 20].into_iter().flat_map(|grey| [grey; kaggle15::SHAPE.bytes()]);
    let counts = [30, 30, 28, 30, 8, 8];
    let labels = counts.into_iter().zip(1..).map(|(count, row)| labels(count, row as f32));
    kaggle::dataset(Pictures::new(kaggle15::SHAPE, pixels.collect()).unwrap(), labels.collect())
        .unwrap()
}

#[test]
fn counts_and_ranges_are_those_of_the_rows() {
    let report = DataReport::new(&dataset());
    assert_eq!((report.rows, report.coordinates.len()), (6, 30));
    assert_eq!((report.schema.as_str(), report.pictures), ("kaggle-15", kaggle15::SHAPE));
    let mean = 130.0 / 6.0;
    assert_eq!(report.pixels, Some(ValueRange { min: 10.0, max: 60.0, mean }));
    assert_eq!(report.gaps_per_row, BTreeMap::from([(0, 3), (2, 1), (22, 2)]));
    assert_eq!(report.complete_rows, 3);
    let sources: Vec<_> = report.sources.iter().collect();
    assert_eq!(sources, [("full", &4), ("four_point", &2)]);

    let eye = report.coordinate(kaggle15::LEFT_EYE_CENTER.x());
    assert_eq!((eye.count, eye.values), (6, Some(ValueRange { min: 1.0, max: 6.0, mean: 3.5 })));
    let lip = report.coordinate(kaggle15::MOUTH_CENTER_BOTTOM_LIP.y());
    assert_eq!(lip.values, Some(ValueRange { min: 1.0, max: 4.0, mean: 7.0 / 3.0 }));
}

#[test]
fn repeated_pictures_are_counted() {
    let expected = DuplicateSummary {
        distinct_pictures: 3,
        repeated_pictures: 2,
        rows_of_repeated: 5,
        largest_group: 3,
        mixed_sources: 1,
    };
    assert_eq!(DataReport::new(&dataset()).duplicates, expected);
}

#[test]
fn tables_fit_eighty_columns_and_say_what_is_missing() {
    let text = DataReport::new(&dataset()).to_string();
    assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
    assert!(text.contains("mouth_center_bottom_lip_y"), "{text}");
    assert!(text.lines().all(|line| line.trim_end() == line), "{text}");
}

#[test]
fn no_rows_make_a_report_without_values() {
    let report =
        DataReport::new(&kaggle::dataset(Pictures::empty(kaggle15::SHAPE), vec![]).unwrap());
    assert_eq!((report.rows, report.complete_rows, report.pixels), (0, 0, None));
    assert!(report.coordinates.iter().all(|c| c.count == 0 && c.values.is_none()));
    assert_eq!(report.duplicates, DuplicateSummary::default());
    assert!(!report.to_string().contains("NaN"));
}

#[test]
fn json_names_coordinates_as_the_file_does() {
    let json = serde_json::to_value(DataReport::new(&dataset())).unwrap();
    assert_eq!(json["coordinates"][20]["coordinate"], "nose_tip_x");
    assert_eq!(json["gaps_per_row"]["22"], 2);
    assert_eq!(json["sources"]["four_point"], 2);
    assert_eq!(json["pictures"]["side"], 96);
}
