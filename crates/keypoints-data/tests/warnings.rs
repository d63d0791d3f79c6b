//! Labels that can be read but are hardly meant are named, and good ones are not.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::sync::Arc;

use keypoints_core::{
    Coordinate, Dataset, Keypoint, Labels, PictureShape, Pictures, Schema, kaggle15,
};
use keypoints_data::annotations::{Annotation, Annotations, SchemaOrigin};
use keypoints_data::synth::{SynthConfig, generate};
use keypoints_data::{DataReport, LabelFault, LabelWarning, kaggle};

/// Synthetic faces, with gaps as in the competition.
fn faces() -> Dataset {
    generate(&SynthConfig { training: 200, test: 1, ..SynthConfig::default() }).training
}

/// The same pictures with other labels.
fn with_labels(faces: &Dataset, labels: Vec<Labels>) -> Dataset {
    kaggle::dataset(faces.pictures().clone(), labels).unwrap()
}

fn faults(dataset: &Dataset) -> Vec<LabelFault> {
    LabelWarning::of(dataset).iter().map(|one| one.fault).collect()
}

/// Every gap filled with what `fill` makes of the labels so far, the row and the coordinate.
fn filled(fill: impl Fn(&[Labels], usize, Coordinate) -> f32) -> Dataset {
    let faces = faces();
    let mut labels = faces.labels().to_vec();
    for row in 0..labels.len() {
        for coordinate in faces.schema().coordinates() {
            if labels[row].get(coordinate).is_none() {
                let value = fill(&labels, row, coordinate);
                labels[row].set(coordinate, Some(value));
            }
        }
    }
    with_labels(&faces, labels)
}

/// Every label of some rows changed.
fn changed(rows: std::ops::Range<usize>, change: impl Fn(&Labels) -> Labels) -> Dataset {
    let faces = faces();
    let labels = faces.labels().iter().enumerate();
    let labels =
        labels.map(|(row, one)| if rows.contains(&row) { change(one) } else { one.clone() });
    with_labels(&faces, labels.collect())
}

fn sides_swapped(labels: &Labels) -> Labels {
    let schema = Schema::kaggle15();
    let partner = |keypoint| schema.mirrored(keypoint).unwrap_or(keypoint);
    labels.points().fold(Labels::default(), |mut swapped, (keypoint, point)| {
        swapped.set_point(partner(keypoint), point);
        swapped
    })
}

#[test]
fn good_labels_have_no_warning() {
    assert_eq!(faults(&faces()), []);
    assert_eq!(faults(&faces().select(&[3])), []);
    assert_eq!(faults(&faces().select(&[])), []);
    assert!(!DataReport::new(&faces()).to_string().contains("warning"));
    // Whole pixels repeat, also from row to row.
    let whole = |labels: &Labels| {
        labels.present().map(|(coordinate, value)| (coordinate, value.round())).collect()
    };
    assert_eq!(faults(&changed(0..200, whole)), []);
    // A picture that is in two rows has equal labels.
    let twice: Vec<usize> = (0..200).flat_map(|row| [row, row]).collect();
    assert_eq!(faults(&faces().select(&twice)), []);
}

#[test]
fn the_competitions_labels_have_no_warning() {
    let Some(folder) = std::env::var_os("KEYPOINTS_KAGGLE_DIR") else {
        eprintln!(
            "skipped: KEYPOINTS_KAGGLE_DIR does not name a folder with the competition's files"
        );
        return;
    };
    assert_eq!(LabelWarning::of(&kaggle::DataDir::new(folder).training().unwrap()), []);
}

#[test]
fn gaps_that_were_filled_in() {
    // A column with one or two gaps has too few equal labels to speak of.
    let of_column = |coordinate| {
        let gaps =
            faces().labels().iter().filter(|labels| labels.get(coordinate).is_none()).count();
        if gaps < 3 { 0 } else { gaps }
    };
    let gaps: usize = Schema::kaggle15().coordinates().map(of_column).sum();
    let zeros = LabelWarning::of(&filled(|_, _, _| 0.0));
    assert_eq!(zeros.len(), 1, "{zeros:?}");
    assert_eq!((zeros[0].fault, zeros[0].labels()), (LabelFault::FilledWithOneValue, gaps));
    let said = zeros[0].to_string();
    assert!(
        said.contains("left_eye_inner_corner_x (") && said.contains("the value is 0"),
        "{said}"
    );
    assert!(said.starts_with(&format!("{gaps} labels filled in?")), "{said}");

    let constant = LabelWarning::of(&filled(|_, _, coordinate| 80.125 - coordinate.index() as f32));
    assert_eq!((constant.len(), constant[0].labels()), (1, gaps), "{constant:?}");

    let above = LabelWarning::of(&filled(|labels, row, coordinate| {
        row.checked_sub(1).and_then(|above| labels[above].get(coordinate)).unwrap_or(50.5)
    }));
    let labels: usize = above.iter().map(LabelWarning::labels).sum();
    assert!(above.iter().any(|one| one.fault == LabelFault::FilledFromNeighbours), "{above:?}");
    assert!(labels >= gaps - 30, "{labels} of {gaps}");
    let report = DataReport::new(&filled(|_, _, _| 0.0));
    assert!(report.to_string().contains("\nwarning: "), "{report}");
}

#[test]
fn left_and_right_x_and_y() {
    let all = LabelWarning::of(&changed(0..200, sides_swapped));
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!((all[0].fault, all[0].columns.len()), (LabelFault::SidesOfColumns, 12));
    let some = LabelWarning::of(&changed(10..15, sides_swapped));
    assert_eq!(some.len(), 1, "{some:?}");
    assert_eq!(
        (some[0].fault, &some[0].rows[..]),
        (LabelFault::SidesOfRows, &[11, 12, 13, 14, 15][..])
    );
    assert!(some[0].to_string().contains("rows 11, 12, 13, 14 and 1 more"), "{}", some[0]);
    // The columns of one pair.
    let eyes = [kaggle15::LEFT_EYE_CENTER, kaggle15::RIGHT_EYE_CENTER];
    let one_pair = |labels: &Labels| {
        let mut swapped = labels.clone();
        swapped.set(eyes[0].x(), labels.get(eyes[1].x()));
        swapped.set(eyes[1].x(), labels.get(eyes[0].x()));
        swapped
    };
    let columns = LabelWarning::of(&changed(0..200, one_pair));
    let names: Vec<&str> = columns[0].columns.iter().map(|one| one.column.as_str()).collect();
    assert_eq!(names, ["left_eye_center_x", "right_eye_center_x"]);

    let axes = |labels: &Labels| {
        labels.points().fold(Labels::default(), |mut swapped, (keypoint, point)| {
            swapped.set(keypoint.x(), Some(point.y));
            swapped.set(keypoint.y(), Some(point.x));
            swapped
        })
    };
    assert!(faults(&changed(0..200, axes)).contains(&LabelFault::Axes));
    let some = LabelWarning::of(&changed(0..20, axes));
    let found = some.iter().find(|one| one.fault == LabelFault::Axes).unwrap();
    assert!(found.rows.len() >= 18, "{found:?}");
}

#[test]
fn shares_of_the_side() {
    let scaled = |labels: &Labels| {
        labels.present().map(|(coordinate, value)| (coordinate, value / 96.0)).collect()
    };
    let warnings = LabelWarning::of(&changed(0..200, scaled));
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    assert_eq!((warnings[0].fault, warnings[0].columns.len()), (LabelFault::Scaled, 30));
}

#[test]
fn mirrored_pictures() {
    let faces = faces();
    let side = kaggle15::SHAPE.side;
    let mirror = |row: usize| -> Vec<u8> {
        faces.pictures().get(row).chunks(side).flat_map(|line| line.iter().rev().copied()).collect()
    };
    let mirrored_labels = |labels: &Labels, exchange: bool| {
        let labels = if exchange { sides_swapped(labels) } else { labels.clone() };
        labels.points().fold(Labels::default(), |mut mirrored, (keypoint, mut point)| {
            point.x = side as f32 - 1.0 - point.x;
            mirrored.set_point(keypoint, point);
            mirrored
        })
    };
    let doubled = |change: &dyn Fn(&Labels) -> Labels| {
        let mut pixels = faces.pictures().as_bytes().to_vec();
        let mut labels = faces.labels().to_vec();
        for row in 0..10 {
            pixels.extend(mirror(row));
            labels.push(change(&faces.labels()[row]));
        }
        let pictures = Pictures::new(kaggle15::SHAPE, pixels).unwrap();
        LabelWarning::of(&kaggle::dataset(pictures, labels).unwrap())
    };
    assert_eq!(doubled(&|labels| mirrored_labels(labels, true)), []);
    let untouched = doubled(&Labels::clone);
    assert_eq!(untouched.len(), 1, "{untouched:?}");
    assert_eq!((untouched[0].fault, untouched[0].rows.len()), (LabelFault::MirroredPicture, 10));
    assert_eq!(untouched[0].rows[0], 201);
    let not_exchanged = doubled(&|labels| mirrored_labels(labels, false));
    let kinds: Vec<LabelFault> = not_exchanged.iter().map(|one| one.fault).collect();
    assert_eq!(kinds, [LabelFault::SidesOfRows, LabelFault::MirroredPicture]);
}

/// A schema of two points, and photos of them.
#[test]
fn photos_of_any_schema() {
    let schema = Arc::new(Schema::guess("pair", ["left_hand", "right_hand"]).unwrap());
    let [left, right] = [0, 1].map(Keypoint::new);
    let row = |number: usize, labels: Labels| Annotation {
        picture: format!("{number}.png").into(),
        name: number.to_string(),
        region: None,
        labels,
    };
    let place = |number: usize| number as f32 * 7.31 % 97.0;
    let labels = |number: usize| -> Labels {
        let (x, y) = (100.0 + place(number), 50.0 + place(number + 3));
        [(left.x(), x + 40.0), (left.y(), y), (right.x(), x), (right.y(), y + 3.7)]
            .into_iter()
            .collect()
    };
    let annotations = |change: &dyn Fn(usize, Labels) -> Labels| Annotations {
        schema: Arc::clone(&schema),
        origin: SchemaOrigin::Guessed,
        rows: (0..50).map(|number| row(number, change(number, labels(number)))).collect(),
        faults: Vec::new(),
    };
    assert_eq!(LabelWarning::of_photos(&annotations(&|_, labels| labels)), []);
    let zeros = LabelWarning::of_photos(&annotations(&|number, mut labels| {
        if number % 10 == 0 {
            labels.set(right.y(), Some(0.0));
        }
        labels
    }));
    assert_eq!((zeros.len(), zeros[0].labels()), (1, 5), "{zeros:?}");

    let dataset = |swapped: std::ops::Range<usize>| {
        let rows = annotations(&|number, labels| match swapped.contains(&number) {
            false => labels,
            true => [left, right]
                .into_iter()
                .zip([right, left])
                .filter_map(|(to, from)| Some((to, labels.point(from)?)))
                .fold(Labels::default(), |mut swapped, (to, point)| {
                    swapped.set_point(to, point);
                    swapped
                }),
        });
        let labels: Vec<Labels> = rows.rows.into_iter().map(|row| row.labels).collect();
        let shape = PictureShape::grey(8);
        let pixels = (0..50 * 64).map(|pixel| (pixel / 64 + pixel % 8 * 5) as u8).collect();
        let pictures = Pictures::new(shape, pixels).unwrap();
        Dataset::of_one_source(Arc::clone(&schema), pictures, labels).unwrap()
    };
    assert_eq!(faults(&dataset(0..0)), []);
    assert_eq!(faults(&dataset(5..8)), [LabelFault::SidesOfRows]);
    // All of them may be what somebody calls left.
    assert_eq!(faults(&dataset(0..50)), []);
}
