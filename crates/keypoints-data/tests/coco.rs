//! COCO keypoints: what is read, what is refused, and that writing loses nothing.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use common::{finite_points, replaced};
use keypoints_core::{Keypoint, Labels, Point, Region, Schema};
use keypoints_data::annotations::{
    Annotation, AnnotationError, Annotations, FORMATS, Format, ReadOptions, SchemaOrigin, find,
};
use proptest::prelude::*;
use tempfile::TempDir;

/// Two cats on one picture, one on another, a crowd, a box without points and one with nothing labelled.
const CATS: &str = r#"{
  "info": {"year": 2024, "images": 3},
  "licenses": [{"id": 1, "name": "a \"licence\" {["}],
  "categories": [
    {"id": 1, "name": "dog"},
    {"id": 3, "name": "cat", "supercategory": "animal", "keypoints": ["left_eye", "right_eye", "nose"], "skeleton": [[1, 2]]}
  ],
  "images": [
    {"id": 10, "file_name": "photos/tom.jpg", "width": 640, "height": 480},
    {"id": 11, "file_name": "tim.png", "license": 1}
  ],
  "annotations": [
    {"id": 1, "image_id": 10, "category_id": 3, "keypoints": [100, 50, 2, 120.5, 51.25, 1, 0, 0, 0],
     "num_keypoints": 2, "bbox": [80, 30, 60, 40.5], "area": 2430, "iscrowd": 0, "segmentation": [[1, 2, 3]]},
    {"id": 2, "image_id": 10, "category_id": 3, "keypoints": [1, 2, 2, 3, 4, 2, 5, 6, 2]},
    {"id": 3, "image_id": 11, "category_id": 3, "keypoints": [7, 8, 1, 0, 0, 0, 0, 0, 0], "bbox": [0, 0, 0, 0], "score": null},
    {"id": 4, "image_id": 11, "category_id": 3, "keypoints": [7, 8, 1, 9, 9, 1, 9, 9, 1], "iscrowd": 1},
    {"id": 5, "image_id": 11, "category_id": 1, "bbox": [1, 2, 3, 4], "keypoints": []},
    {"id": 6, "image_id": 11, "category_id": 3, "keypoints": [0, 0, 0, 0, 0, 0, 0, 0, 0], "num_keypoints": 0}
  ]
}"#;

fn coco() -> &'static dyn Format {
    *FORMATS.iter().find(|one| one.name() == "coco").unwrap()
}

fn file(text: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("labels.json");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn read_with(
    text: impl AsRef<[u8]>,
    options: &ReadOptions,
) -> Result<Annotations, AnnotationError> {
    let (_folder, path) = file(text);
    coco().read(&path, options)
}

fn read(text: impl AsRef<[u8]>) -> Result<Annotations, AnnotationError> {
    read_with(text, &ReadOptions::default())
}

fn with_schema(schema: Arc<Schema>) -> ReadOptions {
    ReadOptions { schema: Some(schema), ..ReadOptions::default() }
}

/// The points of a row by their names.
fn points(annotations: &Annotations, row: usize) -> Vec<(&str, f32, f32)> {
    let labels = &annotations.rows[row].labels;
    let named = |(keypoint, point): (Keypoint, Point)| {
        (annotations.schema.name_of(keypoint), point.x, point.y)
    };
    labels.points().map(named).collect()
}

/// The error or the faults, without the folder.
fn problems(text: impl AsRef<[u8]>) -> Vec<String> {
    let (folder, path) = file(text);
    let shown = |error: &AnnotationError| {
        error.to_string().replace(&format!("{}/", folder.path().display()), "")
    };
    match coco().read(&path, &ReadOptions::default()) {
        Ok(annotations) => annotations.faults.iter().map(shown).collect(),
        Err(error) => vec![shown(&error)],
    }
}

/// A file with one picture, one category of two points, and these annotations.
fn small(annotations: &str) -> String {
    format!(
        r#"{{"images": [{{"id": 1, "file_name": "a.jpg"}}],
"categories": [{{"id": 1, "name": "dot", "keypoints": ["one", "two"]}}],
"annotations": [{annotations}]}}"#
    )
}

#[test]
fn cats() {
    let (folder, path) = file(CATS);
    let found = find(folder.path(), None).unwrap();
    assert_eq!((found.format.name(), &found.path), ("coco", &path));
    let cats = found.format.read(&path, &ReadOptions::default()).unwrap();
    assert!(cats.faults.is_empty(), "{:?}", cats.faults);
    assert_eq!((cats.schema.name(), &cats.origin), ("cat", &SchemaOrigin::Guessed));
    assert_eq!(cats.schema.names(), ["left_eye", "right_eye", "nose"]);
    assert!(cats.schema.has_mirror() && cats.schema.unit().is_some());
    let names: Vec<&str> = cats.rows.iter().map(|row| &*row.name).collect();
    assert_eq!(names, ["photos/tom", "photos/tom_2", "tim"]);
    assert_eq!(cats.rows[1].picture, folder.path().join("photos/tom.jpg"));
    // Hidden points are points, and pixel indices stay as they are.
    assert_eq!(points(&cats, 0), [("left_eye", 100.0, 50.0), ("right_eye", 120.5, 51.25)]);
    assert_eq!(points(&cats, 2), [("left_eye", 7.0, 8.0)]);
    let regions: Vec<Option<Region>> = cats.rows.iter().map(|row| row.region).collect();
    // Boxes count from the corner; one of no size is none.
    assert_eq!(regions, [Some(Region::of_pixels(80.0, 30.0, 60.0, 40.5)), None, None]);
}

#[test]
fn points_from_the_edge_and_pictures_elsewhere() {
    let options = ReadOptions {
        from_edge: Some(true),
        pictures: Some(PathBuf::from("/photos")),
        ..ReadOptions::default()
    };
    let cats = read_with(CATS, &options).unwrap();
    assert_eq!(points(&cats, 0)[1], ("right_eye", 120.0, 50.75));
    assert_eq!(cats.rows[2].picture, Path::new("/photos/tim.png"));
    // The box has its own rule.
    assert_eq!(cats.rows[0].region, Some(Region::of_pixels(80.0, 30.0, 60.0, 40.5)));
    let options = ReadOptions { from_edge: Some(false), ..ReadOptions::default() };
    assert_eq!(points(&read_with(CATS, &options).unwrap(), 0)[1], ("right_eye", 120.5, 51.25));
}

#[test]
fn a_given_schema_takes_points_by_name_or_by_position() {
    let named = Arc::new(Schema::new("more", ["nose", "chin", "right_eye", "left_eye"]).unwrap());
    let cats = read_with(CATS, &with_schema(Arc::clone(&named))).unwrap();
    assert_eq!((&cats.schema, &cats.origin), (&named, &SchemaOrigin::Given));
    assert_eq!(
        points(&cats, 1),
        [("nose", 5.0, 6.0), ("right_eye", 3.0, 4.0), ("left_eye", 1.0, 2.0)]
    );

    let other = Arc::new(Schema::new("abc", ["a", "b", "c"]).unwrap());
    let cats = read_with(CATS, &with_schema(other)).unwrap();
    assert_eq!(points(&cats, 1), [("a", 1.0, 2.0), ("b", 3.0, 4.0), ("c", 5.0, 6.0)]);

    let error = read_with(CATS, &with_schema(Schema::kaggle15())).unwrap_err().to_string();
    assert!(error.ends_with("labels.json: 3 points, but schema `kaggle-15` has 15"), "{error}");
}

/// Everything odd that tools write and that has one meaning only.
#[test]
fn the_strangest_file() {
    let text = "\u{feff} \r\n{\"annotations\":[{\"keypoints\":[1.5e0,-2,2.0,-0,3,1],\"image_id\":\"7\",\"bbox\":[],\
        \"iscrowd\":false,\"x\":{\"y\":[]}}],\"images\":[{\"file_name\":\"sub\\\\b.jpg\",\"id\":7.0}]}";
    let strange = read(text).unwrap();
    assert!(strange.faults.is_empty(), "{:?}", strange.faults);
    assert_eq!(strange.schema.names(), ["point_1", "point_2"]);
    assert_eq!(points(&strange, 0), [("point_1", 1.5, -2.0), ("point_2", 0.0, 3.0)]);
    assert!(strange.rows[0].picture.ends_with("sub/b.jpg"));

    // No category id, one category with points; null for what is missing; a category without a name.
    let text = r#"{"images": [{"id": 1, "file_name": "a.jpg"}], "categories": [{"id": 1, "keypoints": null}, {"id": 2, "keypoints": ["p"]}],
        "annotations": [{"id": null, "image_id": 1, "category_id": null, "keypoints": [1, 2, 1], "bbox": null}]}"#;
    let strange = read(text).unwrap();
    assert_eq!((strange.schema.name(), strange.rows.len()), ("labels", 1));

    // Points without names are counted.
    let numbers = ["1, 2, 1"; 68].join(", ");
    let text = format!(
        r#"{{"images": [{{"id": 1, "file_name": "a.jpg"}}], "categories": [{{"id": 1, "name": "face"}}],
        "annotations": [{{"image_id": 1, "category_id": 1, "keypoints": [{numbers}]}}]}}"#
    );
    let faces = read(text).unwrap();
    assert_eq!((faces.schema.name(), faces.origin), ("ibug-68", SchemaOrigin::Counted));
}

#[test]
fn faces_of_whole_bodies() {
    let face: Vec<String> = (0..68)
        .map(|index| format!("{index}, {}, {}", index + 1, f64::from(index) / 70.0))
        .collect();
    let face = face.join(", ");
    let text = format!(
        r#"{{"images": [{{"id": 1, "file_name": "a.jpg"}}],
        "categories": [{{"id": 1, "name": "person", "keypoints": ["nose", "left_eye", "right_eye"]}}],
        "annotations": [
          {{"id": 1, "image_id": 1, "category_id": 1, "keypoints": [1, 2, 2, 3, 4, 2, 5, 6, 2], "bbox": [0, 0, 9, 9],
            "face_kpts": [{face}], "face_box": [2, 3, 4, 5], "face_valid": true}},
          {{"id": 2, "image_id": 1, "category_id": 1, "keypoints": [1, 2, 2, 3, 4, 2, 5, 6, 2], "face_kpts": [{face}], "face_valid": false}},
          {{"id": 3, "image_id": 1, "category_id": 1, "keypoints": [1, 2, 2, 3, 4, 2, 5, 6, 2]}},
          {{"id": 4, "image_id": 1, "category_id": 1, "face_kpts": [1, 2, 3]}}
        ]}}"#
    );
    let faces = read(&text).unwrap();
    assert_eq!((faces.schema.name(), &faces.origin), ("coco-face-68", &SchemaOrigin::Counted));
    assert_eq!(faces.rows.len(), 1);
    assert_eq!(faces.rows[0].region, Some(Region::of_pixels(2.0, 3.0, 4.0, 5.0)));
    // The first point's visibility is 0.
    assert_eq!(faces.rows[0].labels.points().count(), 67);
    let faults: Vec<String> = faces.faults.iter().map(ToString::to_string).collect();
    let expected =
        "annotation 4: `face_kpts` has 3 numbers, but 68 points need 204: x, y and v of each";
    assert!(faults.len() == 1 && faults[0].ends_with(expected), "{faults:?}");

    // Another schema of 68 points takes them by position; one of the body's points reads the bodies.
    let ibug = with_schema(Schema::builtin("ibug-68").unwrap());
    assert_eq!(read_with(&text, &ibug).unwrap().rows[0].labels, faces.rows[0].labels);
    let eyes = Schema::new("eyes", ["right_eye", "left_eye", "nose"]).unwrap();
    let bodies = read_with(&text, &with_schema(Arc::new(eyes))).unwrap();
    assert_eq!((bodies.rows.len(), points(&bodies, 0)[0]), (3, ("right_eye", 5.0, 6.0)));
    let error = read_with(&text, &with_schema(Schema::kaggle15())).unwrap_err().to_string();
    assert!(error.ends_with("68 points, but schema `kaggle-15` has 15"), "{error}");
}

#[test]
fn rows_with_faults_are_left_out() {
    let rows = [
        r#"{"id": 1, "image_id": 1, "category_id": 1, "keypoints": [1, 2, 2, 3, 4, 2]}"#,
        r#"{"id": 2, "image_id": 1, "category_id": 1, "keypoints": [1, 2, 2]}"#,
        r#"{"id": 3, "image_id": 9, "category_id": 1, "keypoints": [1, 2, 2, 3, 4, 2]}"#,
        r#"{"id": "four", "category_id": 1, "keypoints": [1, 2, 2, 3, 4, 2]}"#,
        r#"{"id": 5, "image_id": 1, "category_id": 1, "keypoints": [1e999, 2, 2, 3, 4, 2]}"#,
        r#"{"id": 6, "image_id": 1, "category_id": 1, "keypoints": [1e300, 2, 2, 3, 4, 2]}"#,
        r#"{"id": 7, "image_id": 1, "category_id": 1, "keypoints": [1, 2, 2, 3, 4, 2], "bbox": [1, 2, -3, 4]}"#,
        r#"{"id": 8, "image_id": 1, "category_id": 1, "keypoints": [1, 2, 2, 3, 4, 2], "bbox": [1, 2, 3]}"#,
        r#"{"id": 9, "image_id": 1, "category_id": 1, "keypoints": [1, 2, 2, 3, 4, 2], "bbox": [1e308, 2, 1e308, 1]}"#,
        r#"{"id": 10, "image_id": 1, "category_id": 1, "keypoints": [1, 2, 2, 3, 4, 0.5]}"#,
        r#"{"id": 11, "image_id": 1, "category_id": 1, "keypoints": "1 2 2 3 4 2"}"#,
        r#"{"image_id": 1, "category_id": 1, "keypoints": [1, null, 2]}"#,
        "17",
    ];
    assert_eq!(read(small(&rows.join(",\n"))).unwrap().rows.len(), 1);
    assert_eq!(
        problems(small(&rows.join(",\n"))),
        [
            "labels.json, annotation 2: `keypoints` has 3 numbers, but 2 points need 6: x, y and v of each",
            "labels.json, annotation 3: no image with id 9",
            "labels.json, annotation four: an annotation without `image_id`",
            "labels.json, annotation 5: number out of range",
            "labels.json, annotation 6: expected a number, found `1e300`",
            "labels.json, annotation 7: the box has no area: -3 wide, 4 high",
            "labels.json, annotation 8: `bbox` has 3 numbers, not 4: x, y, width, height",
            "labels.json, annotation 9: expected a number, found `1e308 2e0 1e308 1e0`",
            "labels.json, annotation 10: visibility 0.5 of point `two`; 0 is a gap, 1 a hidden point, 2 a visible one",
            "labels.json, annotation 11: invalid type: string \"1 2 2 3 4 2\", expected a sequence",
            "labels.json, annotations[11]: invalid type: null, expected f64",
            "labels.json, annotations[12]: expected an object, found `17`",
        ]
    );
}

#[test]
fn images_with_faults() {
    let row = |id, image| format!(r#"{{"id": {id}, "image_id": {image}, "keypoints": [1, 2, 2]}}"#);
    let images = format!(
        r#"{{"id": 1, "file_name": "a.jpg"}}, {{"id": 1, "file_name": "b.jpg"}}, {{"id": 2, "file_name": "c.jpg"}},
        {{"id": 2, "file_name": "c.jpg"}}, {{"id": 3}}, {{"file_name": "d.jpg"}}, {{"id": 4, "file_name": ""}},
        {{"id": 5, "file_name": "{}"}}, 7"#,
        "x".repeat(5000)
    );
    let rows = [row(1, "1"), row(2, "2"), row(3, "123456789012345678901234567890")].join(", ");
    let text = format!(r#"{{"images": [{images}], "annotations": [{rows}]}}"#);
    assert_eq!(
        problems(&text),
        [
            "labels.json, image 1: two images with id 1; give every image its own",
            "labels.json, image 2: two images with id 2; give every image its own",
            "labels.json, image 3: an image without `file_name`",
            "labels.json, images[5]: an image without `id`",
            "labels.json, image 4: the name of the picture file is empty",
            "labels.json, image 5: the picture file's name has 5000 bytes, more than 4096",
            "labels.json, images[8]: expected an object, found `7`",
            "labels.json, annotation 1: two images with id 1; give every image its own",
            "labels.json, annotation 3: no image with id 123456789012345678901234567890",
        ]
    );
    // The same picture twice is still that picture.
    assert_eq!(read(&text).unwrap().rows[0].name, "c");
}

#[test]
fn whole_files_with_faults() {
    let one = |text: &str| problems(text).concat();
    assert_eq!(
        one("{\n\"images\": [}"),
        "labels.json, line 2, column 12: not a JSON file of COCO: expected value"
    );
    assert_eq!(
        one(&small("{\"id\": 1,\n \"keypoints\": [NaN, 1, 2]}")),
        "labels.json, line 4, column 16: JSON has no NaN and no infinity; write a gap as `0, 0, 0`"
    );
    assert!(
        one(&small("[-Infinity]"))
            .ends_with("JSON has no NaN and no infinity; write a gap as `0, 0, 0`")
    );
    assert_eq!(
        one(r#"{"images": []}"#),
        "labels.json, line 1, column 14: not a JSON file of COCO: missing field `annotations`"
    );
    assert_eq!(one(&small("")), "labels.json: no labelled object in it");
    assert_eq!(one(&small("{}")), "labels.json: no labelled object in it");
    assert_eq!(
        one(&small(r#"{"id": 3, "keypoints": 1}"#)),
        "labels.json, annotation 3: invalid type: integer `1`, expected a sequence"
    );
    assert_eq!(
        one(&small(
            r#"{"id": 3, "image_id": 1, "category_id": 8, "keypoints": [1, 2, 2, 3, 4, 2]}"#
        )),
        "labels.json: annotations of category 8, which `categories` lacks"
    );
    let file = |categories: &str, annotations: &str| {
        format!(r#"{{"images": [], "categories": [{categories}], "annotations": [{annotations}]}}"#)
    };
    let two = r#"{"id": 1, "name": "cat", "keypoints": ["a"]}, {"id": 2, "name": "dog", "keypoints": ["a"]}"#;
    let of = |id| format!(r#"{{"category_id": {id}, "keypoints": [1, 2, 1]}}"#);
    assert_eq!(
        one(&file(two, &[of("1"), of("2"), of("1"), of("null")].join(", "))),
        "labels.json: keypoints of 3 categories: `no category` (1), `cat` (2), `dog` (1); \
         keep the annotations of one category in the file"
    );
    assert_eq!(
        one(&file(two, &of("null"))),
        "labels.json: annotations without category_id, but several categories"
    );
    let same = r#"{"id": 1, "keypoints": ["a"]}, {"id": 1, "keypoints": ["b"]}"#;
    assert_eq!(
        one(&file(same, &of("1"))),
        "labels.json: two categories with id 1; give each its own"
    );
    let twice = r#"{"id": 1, "keypoints": ["a", "a"]}"#;
    assert_eq!(
        one(&file(twice, &of("1"))),
        "labels.json: not a schema: two keypoints are called `a`"
    );
    let missing = coco().read(Path::new("/nowhere/labels.json"), &ReadOptions::default());
    assert!(missing.unwrap_err().to_string().starts_with("/nowhere/labels.json: "));
}

#[test]
fn hostile_files() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(200_000), close.repeat(200_000));
        assert!(problems(open.repeat(200_000))[0].contains("not a JSON file of COCO"));
        assert!(problems(&deep)[0].contains("not a JSON file of COCO"));
        let annotation = format!("{{\"id\": 1, \"a\": {deep}}}");
        assert_eq!(problems(small(&annotation)), ["labels.json: no labelled object in it"]);
        let annotation = format!("{{\"id\": 1, \"keypoints\": {deep}}}");
        assert!(
            problems(small(&annotation))[0].starts_with("labels.json, annotation 1: invalid type")
        );
    }
    // More points than a schema may have, each of them with a side, which takes long to guess from.
    let names: Vec<String> = (0..100_000).map(|index| format!("\"left_{index}\"")).collect();
    let text = format!(
        r#"{{"images": [], "categories": [{{"id": 1, "keypoints": [{}]}}], "annotations": [{{"category_id": 1, "keypoints": [1, 2, 1]}}]}}"#,
        names.join(", ")
    );
    assert!(
        problems(text)[0].ends_with("a schema needs 1 to 4096 keypoints, but this one has 100000")
    );
    let numbers = vec!["1, 2, 1"; 100_000].join(", ");
    let text = format!(r#"{{"images": [], "annotations": [{{"keypoints": [{numbers}]}}]}}"#);
    assert!(problems(text)[0].ends_with("but this one has 100000"));
    assert!(problems(b"\xff\xfe{\0")[0].contains("not a JSON file of COCO"));
    let expected = "labels.json: not a JSON file of COCO: expected an object with `images` and `annotations`, found";
    assert_eq!(problems(""), [format!("{expected} ``")]);
    // The file of results that COCO's tools write, which has no pictures.
    assert_eq!(problems(r#"[{"image_id": 1}]"#), [format!("{expected} `[{{\"image_id\": 1}}]`")]);
    // A file of 3 GiB that takes no room on disk.
    let (_folder, path) = file("");
    std::fs::File::options().write(true).open(&path).unwrap().set_len(3 << 30).unwrap();
    let error = coco().read(&path, &ReadOptions::default()).unwrap_err().to_string();
    assert!(error.ends_with("larger than 2048 MiB, which is the most that is read"), "{error}");
}

#[test]
fn recognised_by_lists_at_the_top() {
    let is_coco = |text: &str| coco().recognises(Path::new("a.json"), text.as_bytes());
    assert!(is_coco(CATS) && is_coco(&format!("\u{feff}\n{CATS}")));
    // The head of a large file ends anywhere.
    assert!(is_coco(r#"{"annotations": ["#) && is_coco(r#"{"categories":[{"id"#));
    let large = format!(r#"{{"info": {{"text": "{}"}}, "images" : ["#, "\\\"]}".repeat(10_000));
    assert!(is_coco(&large));
    for other in [
        "",
        "[]",
        "{",
        "{}",
        "{\"",
        "{\"\\",
        r#"{"images": 3}"#,
        r#"{"shapes": [{"images": [1]}]}"#,
        r#"{"keypoints": ["images", "annotations"]}"#,
        r#"{"name": "images"} ["#,
        r#"}{"images": []"#,
    ] {
        assert!(!is_coco(other), "{other}");
    }
    assert!(!coco().recognises(Path::new("points.json"), CATS.as_bytes()));
}

fn round_trip(annotations: &Annotations) -> Annotations {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/labels.json");
    assert_eq!(coco().write(annotations, &path).unwrap(), 1);
    let found = find(&path, None).unwrap();
    assert_eq!(found.format.name(), "coco");
    let read = found.format.read(&path, &ReadOptions::default()).unwrap();
    assert!(read.faults.is_empty(), "{:?}", read.faults);
    assert_eq!(read.schema.names(), annotations.schema.names());
    read
}

fn bits(labels: &Labels) -> Vec<(usize, u32, u32)> {
    labels
        .points()
        .map(|(one, point)| (one.index(), point.x.to_bits(), point.y.to_bits()))
        .collect()
}

fn row(picture: &str, points: &[(u16, f32, f32)]) -> Annotation {
    let mut labels = Labels::default();
    for &(index, x, y) in points {
        labels.set_point(Keypoint::new(index), Point { x, y });
    }
    Annotation { picture: picture.into(), name: picture.into(), region: None, labels }
}

fn dataset(rows: Vec<Annotation>) -> Annotations {
    let schema = Arc::new(Schema::new("dots", ["a", "left b", "ñ <&>'"]).unwrap());
    Annotations { schema, origin: SchemaOrigin::Given, rows, faults: vec![] }
}

#[test]
fn written_files_read_as_the_same() {
    let mut rows = vec![
        row("/p/a.jpg", &[(0, 0.1, -0.0), (2, 1e-40, 3.4e38)]),
        // Its shortest decimal number, read as `f64` first, would give another `f32`.
        row("/p/b.jpg", &[(1, 7.038_531e-26, 16_777_216.0)]),
        row("/p/a.jpg", &[(0, 12.0, 30.25), (1, 1.0 / 3.0, 99.999)]),
    ];
    rows[2].region = Some(Region::of_pixels(10.0, 20.5, 30.0, 40.0));
    let read = round_trip(&dataset(rows.clone()));
    for (read, row) in read.rows.iter().zip(&rows) {
        assert_eq!((bits(&read.labels), &read.picture), (bits(&row.labels), &row.picture));
    }
    assert_eq!(read.rows[2].region, rows[2].region);
    // Without a box, the points' own is written; around one point it is nothing.
    assert_eq!(read.rows[1].region, None);
    let cats = read_with(CATS, &ReadOptions::default()).unwrap();
    assert_eq!(round_trip(&cats).rows[1].region, Region::of_points(&cats.rows[1].labels));
}

#[test]
fn the_written_file_is_coco() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("labels.json");
    let picture = folder.path().join("photos/a.jpg");
    let mut one = row(picture.to_str().unwrap(), &[(0, 12.0, 30.25), (2, 1.0, 2.0)]);
    one.region = Some(Region::of_pixels(1.0, 2.0, 30.0, 40.0));
    coco().write(&dataset(vec![one]), &path).unwrap();
    let expected = r#"{"info":{"description":"dots"},"licenses":[],"images":[{"id":1,"file_name":"photos/a.jpg"}],
"annotations":[{"id":1,"image_id":1,"category_id":1,"keypoints":[12,30.25,2,0,0,0,1,2,2],"num_keypoints":2,
"bbox":[1,2,30,40],"area":1200,"iscrowd":0}],"categories":[{"id":1,"name":"dots","supercategory":"dots",
"keypoints":["a","left b","ñ <&>'"],"skeleton":[]}]}"#;
    assert_eq!(std::fs::read_to_string(&path).unwrap(), expected.replace('\n', ""));
}

#[test]
fn what_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("labels.json");
    let error = |row| coco().write(&dataset(vec![row]), &path).unwrap_err().to_string();
    let nan = error(row("a.jpg", &[(0, f32::NAN, 1.0)]));
    assert!(
        nan.ends_with("a.jpg: cannot be written as coco: a coordinate is not a finite number"),
        "{nan}"
    );
    let beyond = error(row("a.jpg", &[(3, 1.0, 1.0)]));
    assert!(beyond.ends_with("a point beyond the 3 of the schema"), "{beyond}");
    let region = Some(Region { left: 0.0, top: 0.0, right: f64::INFINITY, bottom: 1.0 });
    let infinite = error(Annotation { region, ..row("a.jpg", &[]) });
    assert!(infinite.ends_with("its box is not of finite numbers"), "{infinite}");
    assert!(!path.exists());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = coco().recognises(Path::new("a.json"), &bytes);
        let _ = read(&bytes);
    }

    #[test]
    fn any_change_of_a_file_is_read_or_refused(
        changes in proptest::collection::vec((0..CATS.len(), "[\\[\\]{}\":,0-9eE+.\\\\a-]{0,3}", 0..4_usize), 1..4),
    ) {
        let text = replaced(CATS, changes);
        let _ = coco().recognises(Path::new("a.json"), text.as_bytes());
        if let Ok(annotations) = read(&text) {
            for row in &annotations.rows {
                prop_assert!(row.labels.present().all(|(_, value)| value.is_finite()));
            }
        }
    }

    #[test]
    fn any_points_are_the_same_after_writing(
        points in proptest::collection::vec(proptest::option::of((any::<f32>(), any::<f32>())), 3),
    ) {
        let points = finite_points(points);
        prop_assume!(!points.is_empty());
        let rows = vec![row("/p/a.jpg", &points)];
        prop_assert_eq!(bits(&round_trip(&dataset(rows.clone())).rows[0].labels), bits(&rows[0].labels));
    }
}
