//! `.pts` files: what is read, what is refused, and what is written.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::path::Path;
use std::sync::Arc;

use keypoints_core::{Keypoint, Labels, Point, Schema};
use keypoints_data::annotations::{
    Annotation, AnnotationProblem, Annotations, FORMATS, Format, ReadOptions, SchemaOrigin, find,
};
use proptest::prelude::*;
use tempfile::TempDir;

fn pts() -> &'static dyn Format {
    *FORMATS.iter().find(|format| format.name() == "pts").unwrap()
}

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}

fn read(folder: &TempDir) -> Annotations {
    pts().read(folder.path(), &ReadOptions::default()).unwrap()
}

/// What is said of the file `me.pts`, which cannot be read.
fn refused(text: &str) -> String {
    let folder = folder(&[("me.pts", text), ("me.png", "")]);
    let path = folder.path().join("me.pts");
    let error = pts().read(folder.path(), &ReadOptions::default()).unwrap_err();
    error.to_string().replace(&*path.to_string_lossy(), "T")
}

fn points(row: &Annotation, count: u16) -> Vec<Option<(f32, f32)>> {
    let point = |index| row.labels.point(Keypoint::new(index)).map(|one| (one.x, one.y));
    (0..count).map(point).collect()
}

const TWO: [Option<(f32, f32)>; 2] = [Some((0.0, 1.5)), Some((10.0, 20.0))];

#[test]
fn headers_may_be_missing_or_odd() {
    for text in [
        "version: 1\nn_points: 2\n{\n1 2.5\n11 21\n}\n",
        "version: 1\nn_points:2\n{\n1 2.5\n11 21\n}",
        "1 2.5\n11 21",
        "\u{feff}version: 1\r\nn_points:  2\r\n{\r\n1 2.5 \r\n\r\n  11\t21\r\n}\r\n\r\n",
        "N_Points: 2\n{\n1,2.5\n1.1e1, 21.0\n}\n",
        "{\n+1 2.5\n11. 21\n}\n",
    ] {
        let folder = folder(&[("me.pts", text), ("me.png", "")]);
        let found = read(&folder);
        assert!(found.faults.is_empty());
        assert_eq!(points(&found.rows[0], 2), TWO, "{text}");
        assert_eq!((found.schema.len(), found.origin), (2, SchemaOrigin::Guessed));
    }
}

#[test]
fn gaps() {
    let folder =
        folder(&[("me.pts", "NaN NaN\n-1 -1\n-1 5\nnan 3\n-1.0 -1.0\n7 8\n"), ("me.png", "")]);
    let expected = [None, None, Some((-2.0, 4.0)), None, None, Some((6.0, 7.0))];
    assert_eq!(points(&read(&folder).rows[0], 6), expected);
}

#[test]
fn several_faces_of_one_picture() {
    let text = "1 2.5\n11 21\n";
    let folder = folder(&[
        ("crowd_1.pts", text),
        ("crowd_2.pts", text),
        ("crowd.jpg", ""),
        // This one's own picture comes first.
        ("face_7.pts", text),
        ("face_7.png", ""),
        ("face.png", ""),
    ]);
    let found = read(&folder);
    let pictures: Vec<_> = found.rows.iter().map(|row| row.picture.file_name().unwrap()).collect();
    assert_eq!(pictures, ["crowd.jpg", "crowd.jpg", "face_7.png"]);
    let names: Vec<&str> = found.rows.iter().map(|row| &*row.name).collect();
    assert_eq!(names, ["crowd_1", "crowd_2", "face_7"]);
}

#[test]
fn endings_in_capitals_and_other_files() {
    let folder = folder(&[
        ("ME.PTS", "1 2.5\n11 21\n"),
        ("ME.JPG", ""),
        ("notes.txt", "nothing"),
        (".hidden.pts", "nothing"),
    ]);
    let found = find(folder.path(), None).unwrap();
    assert_eq!((found.format.name(), &*found.path), ("pts", folder.path()));
    let read = read(&folder);
    assert_eq!((read.rows.len(), read.faults.len(), &*read.rows[0].name), (1, 0, "ME"));
}

#[test]
fn folders_below_and_one_file_alone() {
    let folder = folder(&[
        ("a/b/me.pts", "1 2.5\n11 21\n"),
        ("a/b/me.webp", ""),
        ("you.pts", "1 2.5\n11 21\n"),
        ("you.bmp", ""),
    ]);
    let names: Vec<String> = read(&folder).rows.iter().map(|row| row.name.clone()).collect();
    assert_eq!(names, [Path::new("a/b/me").to_str().unwrap(), "you"]);
    // A file that is named is read alone.
    let found = find(&folder.path().join("a/b/me.pts"), None).unwrap();
    let one = found.format.read(&found.path, &ReadOptions::default()).unwrap();
    assert_eq!((one.rows.len(), &*one.rows[0].name), (1, "me"));
}

#[test]
fn pictures_elsewhere() {
    let labels = folder(&[("a/me.pts", "1 2.5\n11 21\n")]);
    let pictures = folder(&[("a/me.png", "")]);
    let options =
        ReadOptions { pictures: Some(pictures.path().to_owned()), ..ReadOptions::default() };
    let found = pts().read(labels.path(), &options).unwrap();
    assert_eq!(found.rows[0].picture, pictures.path().join("a/me.png"));
}

#[test]
fn the_origin_can_be_chosen() {
    let folder = folder(&[("me.pts", "1 2.5\n"), ("me.png", "")]);
    for (from_edge, expected) in
        [(None, (0.0, 1.5)), (Some(false), (0.0, 1.5)), (Some(true), (-0.5, 1.0))]
    {
        let options = ReadOptions { from_edge, ..ReadOptions::default() };
        let found = pts().read(folder.path(), &options).unwrap();
        assert_eq!(points(&found.rows[0], 1), [Some(expected)], "{from_edge:?}");
    }
}

#[test]
fn files_that_cannot_be_read() {
    assert_eq!(refused("{\n1 2\n3 4\n"), "T: the file is cut off: the closing `}` is missing");
    assert_eq!(
        refused("n_points: 3\n{\n1 2\n3 4\n}\n"),
        "T: n_points says 3, but there are 2 points"
    );
    assert_eq!(refused("n_points: two\n1 2\n"), "T: n_points says two, but there are 1 points");
    assert_eq!(refused("1 2\n3 x\n"), "T, line 2: expected a number, found `x`");
    assert_eq!(refused("1 2\n\n3 4 5\n"), "T, line 3: expected `x y`, found `3 4 5`");
    assert_eq!(refused("1 2\n3\n"), "T, line 2: expected `x y`, found `3`");
    assert_eq!(refused("inf 2\n"), "T, line 1: expected a number, found `inf 2`");
    // Larger than a label can be.
    assert!(refused("1e39 2\n").starts_with("T, line 1: expected a number, found `"));
    assert_eq!(refused(""), "T: no labelled object in it");
    assert_eq!(refused("{\n}\n"), "T: no labelled object in it");
    assert!(refused(&"1 2\n".repeat(1 << 19)).contains("larger than 1048576 bytes"));
    let nothing = folder(&[("me.png", "")]);
    let error = pts().read(nothing.path(), &ReadOptions::default()).unwrap_err();
    assert!(matches!(error.problem, AnnotationProblem::NoRows));
}

#[test]
fn one_bad_file_of_many_is_a_fault() {
    let text = "1 2.5\n11 21\n";
    let folder = folder(&[
        ("a.pts", text),
        ("a.png", ""),
        ("b.pts", "1 2\n"),
        ("b.png", ""),
        ("c.pts", text),
        ("c.png", ""),
        ("d.pts", text),
        ("e.pts", "{\n1 2\n"),
        ("e.png", ""),
    ]);
    let found = read(&folder);
    assert_eq!(found.rows.len(), 2);
    let place = |name: &str| folder.path().join(name).display().to_string();
    let mut faults: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
    faults.sort();
    assert_eq!(faults[0], format!("{}: 1 points, but schema `points-2` has 2", place("b.pts")));
    let looked_for = "d.jpg, .jpeg, .png, .webp, .bmp, .gif";
    assert_eq!(
        faults[1],
        format!("{}: no picture beside it: looked for {looked_for}", place("d.pts"))
    );
    assert_eq!(
        faults[2],
        format!("{}: the file is cut off: the closing `}}` is missing", place("e.pts"))
    );
}

#[test]
fn counts_that_are_known_and_schemas_that_are_given() {
    let folder = folder(&[("me.pts", &"5 6\n".repeat(68)), ("me.png", "")]);
    let found = read(&folder);
    assert_eq!((found.schema.name(), found.origin), ("ibug-68", SchemaOrigin::Counted));
    let schema = Schema::builtin("wflw-98");
    let found =
        pts().read(folder.path(), &ReadOptions { schema, ..ReadOptions::default() }).unwrap();
    assert_eq!((found.rows.len(), found.origin), (0, SchemaOrigin::Given));
    assert!(found.faults[0].to_string().ends_with("68 points, but schema `wflw-98` has 98"));
}

fn written(rows: Vec<Annotation>, count: usize) -> Annotations {
    let names = (0..count).map(|index| format!("p{index}"));
    let schema = Arc::new(Schema::new("faces", names).unwrap());
    Annotations { schema, origin: SchemaOrigin::Given, rows, faults: vec![] }
}

fn row(name: &str, points: &[Option<(f32, f32)>]) -> Annotation {
    let mut labels = Labels::default();
    for (index, point) in points.iter().enumerate() {
        if let Some((x, y)) = *point {
            labels.set_point(Keypoint::new(index as u16), Point { x, y });
        }
    }
    Annotation {
        picture: format!("{name}.png").into(),
        name: name.to_owned(),
        region: None,
        labels,
    }
}

#[test]
fn what_is_written() {
    let folder = folder(&[]);
    let annotations = written(vec![row("sub/a", &TWO), row("b", &[None, TWO[1]])], 2);
    assert_eq!(pts().write(&annotations, folder.path()).unwrap(), 2);
    let text = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(text("sub/a.pts"), "version: 1\nn_points: 2\n{\n1 2.5\n11 21\n}\n");
    assert_eq!(text("b.pts"), "version: 1\nn_points: 2\n{\nNaN NaN\n11 21\n}\n");
    std::fs::write(folder.path().join("sub/a.png"), "").unwrap();
    std::fs::write(folder.path().join("b.png"), "").unwrap();
    let read = read(&folder);
    let labels: Vec<&Labels> = read.rows.iter().map(|row| &row.labels).collect();
    assert_eq!(labels, [&annotations.rows[1].labels, &annotations.rows[0].labels]);
}

#[test]
fn nothing_is_written_outside_of_the_folder() {
    let folder = folder(&[("inside/x", "")]);
    let inside = folder.path().join("inside");
    let absolute = folder.path().join("outside").display().to_string();
    for name in ["../outside", "a/../../outside", &absolute] {
        let error = pts().write(&written(vec![row(name, &TWO)], 2), &inside).unwrap_err();
        let expected =
            format!("cannot be written as pts: `{name}` is no name for a file in the folder");
        assert!(error.to_string().ends_with(&expected), "{error}");
    }
    assert!(!folder.path().join("outside.pts").exists());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..Default::default() })]

    /// The file counts from 1, in double precision: enough for every place on a picture, to the bit.
    #[test]
    fn points_come_back_to_the_bit(values in prop::collection::vec(prop::option::of((-1e6_f32..1e6, -1e6_f32..1e6)), 1..6)) {
        prop_assume!(values.iter().any(Option::is_some));
        let exact = |value: f32| ((f64::from(value) + 1.0) - 1.0) as f32 == value;
        prop_assume!(values.iter().flatten().all(|&(x, y)| exact(x) && exact(y)));
        prop_assume!(!values.contains(&Some((-2.0, -2.0))));
        let folder = folder(&[("p.png", "")]);
        let annotations = written(vec![row("p", &values)], values.len());
        pts().write(&annotations, folder.path()).unwrap();
        prop_assert_eq!(&read(&folder).rows[0].labels, &annotations.rows[0].labels);
    }

    #[test]
    fn damaged_files_never_panic(
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<bool>(), prop_oneof![
            3 => prop::sample::select(b"0123456789.,: {}\n\rnN-e".to_vec()),
            1 => any::<u8>(),
        ]), 1..8),
    ) {
        let mut bytes = b"version: 1\nn_points: 2\n{\n1 2.5\n11 21\n}\n".to_vec();
        for (place, insert, value) in changes {
            let place = place.index(bytes.len());
            if insert { bytes.insert(place, value) } else { bytes[place] = value }
        }
        let folder = folder(&[("p.png", "")]);
        std::fs::write(folder.path().join("p.pts"), &bytes).unwrap();
        if let Ok(found) = pts().read(folder.path(), &ReadOptions::default()) {
            for row in &found.rows {
                prop_assert!(row.labels.present().all(|(_, value)| value.is_finite()));
            }
        }
    }
}
