//! dlib's imglab XML: what is read, what is refused, and that writing loses nothing.

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

/// Two dogs on one picture, with gaps, a box to ignore and one without parts; a picture without a box.
const DOGS: &str = "<?xml version='1.0' encoding='ISO-8859-1'?>
<?xml-stylesheet type='text/xsl' href='image_metadata_stylesheet.xsl'?>
<dataset>
<name>imglab dataset</name>
<comment>Created by imglab tool.</comment>
<images>
  <image file='photos/rex &amp; bo.jpg' width='640' height='480'>
    <box top='30' left='80' width='60' height='40'>
      <label>dog</label>
      <part name='left_eye' x='100' y='50'/>
      <part name='nose' x='110' y='60'/>
    </box>
    <box top='-3' left='8.5' width='6' height='4' pose='1' difficult='0' ignore='0'>
      <part name='nose' x='11.25' y='6e0'/>
      <part name='right_eye' x='12' y='5'/>
    </box>
    <box top='1' left='1' width='1' height='1' ignore='1'><part name='tail' x='1' y='1'/></box>
    <box top='1' left='1' width='1' height='1'/>
  </image>
  <image file='empty.jpg'/>
</images>
</dataset>
";

fn imglab() -> &'static dyn Format {
    *FORMATS.iter().find(|one| one.name() == "imglab").unwrap()
}

fn file(text: impl AsRef<[u8]>) -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("dogs.xml");
    std::fs::write(&path, text).unwrap();
    (folder, path)
}

fn read_with(
    text: impl AsRef<[u8]>,
    options: &ReadOptions,
) -> Result<Annotations, AnnotationError> {
    let (_folder, path) = file(text);
    imglab().read(&path, options)
}

fn read(text: impl AsRef<[u8]>) -> Result<Annotations, AnnotationError> {
    read_with(text, &ReadOptions::default())
}

fn with_schema(schema: Schema) -> ReadOptions {
    ReadOptions { schema: Some(Arc::new(schema)), ..ReadOptions::default() }
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
fn problems_with(text: impl AsRef<[u8]>, options: &ReadOptions) -> Vec<String> {
    let (folder, path) = file(text);
    let shown = |error: &AnnotationError| {
        error.to_string().replace(&format!("{}/", folder.path().display()), "")
    };
    match imglab().read(&path, options) {
        Ok(annotations) => annotations.faults.iter().map(shown).collect(),
        Err(error) => vec![shown(&error)],
    }
}

fn problems(text: impl AsRef<[u8]>) -> Vec<String> {
    problems_with(text, &ReadOptions::default())
}

/// A file with one picture and these boxes, which start on line 2.
fn small(boxes: &str) -> String {
    format!("<dataset><images><image file='a.jpg'>\n{boxes}\n</image></images></dataset>")
}

/// A box with parts of these names at x 0, 1, 2 and so on.
fn parts<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    let part = |(x, name)| format!("<part name='{name}' x='{x}' y='7'/>");
    let parts: String = names.into_iter().enumerate().map(part).collect();
    format!("<box left='0' top='0' width='9' height='9'>{parts}</box>")
}

#[test]
fn dogs() {
    let (folder, path) = file(DOGS);
    let found = find(folder.path(), None).unwrap();
    assert_eq!((found.format.name(), &found.path), ("imglab", &path));
    let dogs = found.format.read(&path, &ReadOptions::default()).unwrap();
    assert!(dogs.faults.is_empty(), "{:?}", dogs.faults);
    assert_eq!((dogs.schema.name(), &dogs.origin), ("dogs", &SchemaOrigin::Guessed));
    // In the order of their first mention; a box to ignore is none.
    assert_eq!(dogs.schema.names(), ["left_eye", "nose", "right_eye"]);
    assert!(dogs.schema.has_mirror());
    let names: Vec<&str> = dogs.rows.iter().map(|row| &*row.name).collect();
    assert_eq!(names, ["photos/rex & bo", "photos/rex & bo_2"]);
    assert_eq!(dogs.rows[1].picture, folder.path().join("photos/rex & bo.jpg"));
    assert_eq!(points(&dogs, 0), [("left_eye", 100.0, 50.0), ("nose", 110.0, 60.0)]);
    assert_eq!(points(&dogs, 1), [("nose", 11.25, 6.0), ("right_eye", 12.0, 5.0)]);
    assert_eq!(dogs.rows[0].region, Some(Region::of_pixels(80.0, 30.0, 60.0, 40.0)));
    assert_eq!(dogs.rows[1].region, Some(Region::of_pixels(8.5, -3.0, 6.0, 4.0)));
}

#[test]
fn points_from_the_edge_and_pictures_elsewhere() {
    let options = ReadOptions {
        from_edge: Some(true),
        pictures: Some(PathBuf::from("/photos")),
        ..ReadOptions::default()
    };
    let dogs = read_with(DOGS, &options).unwrap();
    assert_eq!(points(&dogs, 1)[0], ("nose", 10.75, 5.5));
    assert_eq!(dogs.rows[0].region, Some(Region::of_pixels(80.0, 30.0, 60.0, 40.0)));
    assert_eq!(dogs.rows[0].picture, Path::new("/photos/photos/rex & bo.jpg"));
}

#[test]
fn numbered_parts() {
    // As in dlib's file of 300-W, but in no order.
    let names: Vec<String> = (0..68).rev().map(|number| format!("{number:02}")).collect();
    let faces = read(small(&parts(names.iter().map(String::as_str)))).unwrap();
    assert_eq!((faces.schema.name(), &faces.origin), ("ibug-68", &SchemaOrigin::Counted));
    assert_eq!(faces.rows[0].labels.point(Keypoint::new(0)).unwrap().x, 67.0);

    // From 1, and 10 after 9. Each box may have some of them.
    let boxes = parts(["10", "1", "3", "2"]) + &parts(["4", "9", "8", "7", "6", "5"]);
    let ten = read(small(&boxes)).unwrap();
    assert_eq!((ten.schema.name(), ten.schema.len()), ("points-10", 10));
    assert_eq!(points(&ten, 0).last(), Some(&("point_10", 0.0, 7.0)));

    // Where one is missing, or one has two names, nobody knows what the others are.
    let holes = read(small(&parts(["7", "0", "10", "1"]))).unwrap();
    assert_eq!(holes.schema.names(), ["0", "1", "7", "10"]);
    assert_eq!(read(small(&parts(["00", "0"]))).unwrap().schema.names(), ["00", "0"]);
    let huge = read(small(&parts(["0", "99999999999999999999999"]))).unwrap();
    assert_eq!(huge.schema.names(), ["0", "99999999999999999999999"]);
}

#[test]
fn a_given_schema_takes_parts_by_name_or_by_number() {
    let named = Schema::new("more", ["nose", "tail", "right_eye", "left_eye"]).unwrap();
    let dogs = read_with(DOGS, &with_schema(named.clone())).unwrap();
    assert_eq!((&*dogs.schema, &dogs.origin), (&named, &SchemaOrigin::Given));
    assert_eq!(points(&dogs, 0), [("nose", 110.0, 60.0), ("left_eye", 100.0, 50.0)]);

    let three = || with_schema(Schema::new("abc", ["a", "b", "c"]).unwrap());
    let first = |names: &[&str]| {
        let read = read_with(small(&parts(names.iter().copied())), &three()).unwrap();
        let names: Vec<String> = points(&read, 0).iter().map(|one| one.0.to_owned()).collect();
        names.concat()
    };
    assert_eq!(first(&["1"]), "b");
    assert_eq!(first(&["01", "002"]), "bc");
    assert_eq!(first(&["1", "3"]), "ac"); // from 1, as there is no 0
    assert_eq!(first(&["0", "c"]), "ac");

    let unknown = small(&(parts(["0", "3"]) + "\n" + &parts(["a"]) + "\n" + &parts(["d"])));
    assert_eq!(
        problems_with(&unknown, &three()),
        [
            "dogs.xml, line 2: point `3` is not in schema `abc`",
            "dogs.xml, line 4: point `d` is not in schema `abc`"
        ]
    );
    assert_eq!(read_with(&unknown, &three()).unwrap().rows.len(), 1);
}

/// Everything odd that has one meaning only.
#[test]
fn the_strangest_file() {
    let text = "\u{feff}<dataset xmlns='urn:x'><images/><other><image/></other><!-- <image> -->\r\n<images><image\nfile=\"a\\b.jpg\">\
        <box ignore='' left=' 1 ' top='+2' height='0' width='0'><part y='-0' x='.5' name=' a b '/><part name='&#233;' x='1.' y='2'/></box>\
        text</image></images></dataset><!-- end -->";
    let strange = read(text).unwrap_err();
    // Spaces around a name are no name, whoever reads it.
    assert!(
        strange.to_string().contains("\" a b \" cannot be the name of a keypoint"),
        "{strange}"
    );
    let strange = read(text.replace("' a b '", "'a b'")).unwrap();
    assert!(strange.faults.is_empty(), "{:?}", strange.faults);
    assert_eq!(points(&strange, 0), [("a b", 0.5, 0.0), ("é", 1.0, 2.0)]);
    // A box of no size is none.
    assert_eq!(strange.rows[0].region, None);
    assert!(strange.rows[0].picture.ends_with("a/b.jpg"));

    // Latin-1, as the first line says.
    let bytes = small(&parts(["x"])).replace("a.jpg", "\u{e9}.jpg");
    let bytes: Vec<u8> = bytes.chars().map(|character| character as u8).collect();
    assert_eq!(read(bytes).unwrap().rows[0].name, "é");
}

#[test]
fn rows_with_faults_are_left_out() {
    let text = "<dataset><images>
<image file='a.jpg'>
<box left='0' top='0' width='9' height='9'><part name='p' x='1' y='2'/></box>
<box left='0' top='0' width='9'><part name='p' x='1' y='2'/></box>
<box left='0' top='zero' width='9' height='9'><part name='p' x='1' y='2'/></box>
<box left='0' top='0' width='9' height='-9'><part name='p' x='1' y='2'/></box>
<box left='0' top='0' width='9' height='9'><part x='1' y='2'/></box>
<box left='0' top='0' width='9' height='9'><part name='p' x='1'/></box>
<box left='0' top='0' width='9' height='9'><part name='p' x='NaN' y='2'/></box>
<box left='0' top='0' width='9' height='9'><part name='p' x='1' y='1e999'/></box>
<box left='0' top='0' width='9' height='9'><part name='p' x='1' y='1e300'/></box>
<box left='0' top='0' width='9' height='9'><part name='p' x='1' y='2'/><part name='p' x='1' y='2'/></box>
<box left='1e308' top='0' width='1e308' height='9'><part name='p' x='1' y='2'/></box>
</image>
<image><box left='0' top='0' width='9' height='9'><part name='p' x='1' y='2'/></box></image>
<image file=''/>
</images></dataset>";
    assert_eq!(read(text).unwrap().rows.len(), 1);
    assert_eq!(
        problems(text),
        [
            "dogs.xml, line 4: `box` without `height`",
            "dogs.xml, line 5: expected a number, found `zero`",
            "dogs.xml, line 6: the box has no area: 9 wide, -9 high",
            "dogs.xml, line 7: `part` without `name`",
            "dogs.xml, line 8: `part` without `y`",
            "dogs.xml, line 9: expected a number, found `NaN`",
            "dogs.xml, line 10: expected a number, found `1e999`",
            "dogs.xml, line 11: expected a number, found `1e300`",
            "dogs.xml, line 12: a second part `p` in one box",
            "dogs.xml, line 13: expected a number, found `1e308 0e0 1e308 9e0`",
            "dogs.xml, line 15: `image` without `file`",
            "dogs.xml, line 16: the name of the picture file is empty",
        ]
    );
}

#[test]
fn whole_files_with_faults() {
    let one = |text: &str| problems(text).concat();
    assert_eq!(one(&small("")), "dogs.xml: no labelled object in it");
    let boxes = "<box left='0' top='0' width='9' height='9'/>";
    assert_eq!(one(&small(boxes)), "dogs.xml: no labelled object in it");
    let ignored = parts(["a"]).replace("<box", "<box ignore='1'");
    assert_eq!(one(&small(&ignored)), "dogs.xml: no labelled object in it");
    assert_eq!(
        one("<annotations/>"),
        "dogs.xml: the outermost element is `annotations`, but that of imglab is `dataset`"
    );
    assert_eq!(
        one("<dataset>\n <images></image></dataset>"),
        "dogs.xml, line 2, column 10: not XML: expected 'images' tag, not 'image'"
    );
    assert_eq!(
        one("<dataset>\n<a b='&nbsp;'/></dataset>"),
        "dogs.xml, line 2, column 7: not XML: unknown entity reference 'nbsp'"
    );
    assert_eq!(one("<dataset><images>"), "dogs.xml: not XML: the file is cut off");
    assert_eq!(one("<dataset><image file='"), "dogs.xml: not XML: the file is cut off");
    assert_eq!(
        one(""),
        "dogs.xml, line 1, column 1: not XML: the document does not have a root node"
    );
    assert_eq!(
        one("<!DOCTYPE a [<!ENTITY b 'c'>]><dataset/>"),
        "dogs.xml, line 1, column 1: it has a DTD (`<!DOCTYPE …>`), which imglab does not write; remove it"
    );
    let quote = one(&small(&parts(["a,b"])));
    assert!(quote.starts_with("dogs.xml: not a schema: \"a,b\" cannot be the name"), "{quote}");
    let missing = imglab().read(Path::new("/nowhere/dogs.xml"), &ReadOptions::default());
    assert!(missing.unwrap_err().to_string().starts_with("/nowhere/dogs.xml: "));
}

#[test]
fn hostile_files() {
    assert!(problems("<dataset>".repeat(300_000))[0].ends_with("the file is cut off"));
    let deep = "<a>".repeat(300_000) + &"</a>".repeat(300_000);
    assert_eq!(problems(small(&deep)), ["dogs.xml: no labelled object in it"]);
    let names: Vec<String> = (0..100_000).map(|index| format!("left_{index}")).collect();
    let many = small(&parts(names.iter().map(String::as_str)));
    assert!(
        problems(many)[0].ends_with("a schema needs 1 to 4096 keypoints, but this one has 100000")
    );
    // Each box has the last of 4096 points only: some 60 bytes in the file, but 64 KiB in memory.
    let names: Vec<String> = (0..4096).map(|index| index.to_string()).collect();
    let all = parts(names.iter().map(String::as_str));
    let sparse = small(&(all + &parts(["4095"]).repeat(5000)));
    assert_eq!(
        problems(sparse),
        ["dogs.xml: 5001 boxes with 9096 parts in all, but 4096 points of each box"]
    );
    let long = small(&parts(["a"])).replace("a.jpg", &"x".repeat(5000));
    assert_eq!(
        problems(long),
        ["dogs.xml, line 1: the picture file's name has 5000 bytes, more than 4096"]
    );
    // A file of 1 GiB that takes no room on disk.
    let (_folder, path) = file("");
    std::fs::File::options().write(true).open(&path).unwrap().set_len(1 << 30).unwrap();
    let error = imglab().read(&path, &ReadOptions::default()).unwrap_err().to_string();
    assert!(error.ends_with("larger than 256 MiB, which is the most that is read"), "{error}");
}

#[test]
fn recognised_by_its_start() {
    let is_imglab = |text: &str| imglab().recognises(Path::new("a.xml"), text.as_bytes());
    assert!(is_imglab(DOGS) && is_imglab(&format!("\u{feff}\n{DOGS}")));
    assert!(is_imglab("<dataset>") && is_imglab("<dataset\n") && is_imglab("<?xml?><images>"));
    for other in ["", "<", "<datasets>", "<?xml?><annotation><imagesize>", "{\"a\": \"<dataset>\"}"]
    {
        assert!(!is_imglab(other), "{other}");
    }
}

fn round_trip(annotations: &Annotations) -> Annotations {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("new/labels.xml");
    assert_eq!(imglab().write(annotations, &path).unwrap(), 1);
    let found = find(&path, None).unwrap();
    assert_eq!(found.format.name(), "imglab");
    let schema = Some(Arc::clone(&annotations.schema));
    let options = ReadOptions { schema, ..ReadOptions::default() };
    let read = found.format.read(&path, &options).unwrap();
    assert!(read.faults.is_empty(), "{:?}", read.faults);
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
    let schema = Arc::new(Schema::new("a & b", ["a", "left b", "ñ <&>'"]).unwrap());
    Annotations { schema, origin: SchemaOrigin::Given, rows, faults: vec![] }
}

#[test]
fn written_files_read_as_the_same() {
    let mut rows = vec![
        row("/p/<a> 'b' \"c\" & \n\t.jpg", &[(0, 0.1, -0.0), (2, 1e-40, 3.4e38)]),
        row("/p/<a> 'b' \"c\" & \n\t.jpg", &[(0, 12.0, 30.25), (1, 1.0 / 3.0, 99.999)]),
        row("/p/b.jpg", &[(1, 7.038_531e-26, 16_777_216.0)]),
    ];
    rows[1].region = Some(Region::of_pixels(10.0, 20.5, 30.0, 40.0));
    let read = round_trip(&dataset(rows.clone()));
    for (read, row) in read.rows.iter().zip(&rows) {
        assert_eq!((bits(&read.labels), &read.picture), (bits(&row.labels), &row.picture));
    }
    assert_eq!(read.rows[1].region, rows[1].region);
    assert_eq!(read.rows[2].region, Some(Region::of_pixels(0.0, 16_777_216.0, 1.0, 1.0)));
}

#[test]
fn the_written_file_is_imglabs() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("labels.xml");
    let a = folder.path().join("photos/a.jpg");
    let a = a.to_str().unwrap();
    let mut with_box = row(a, &[(0, 12.0, 30.25)]);
    with_box.region = Some(Region::of_pixels(1.0, 2.0, 30.0, 40.5));
    // Whole numbers stay whole, in the box around them too. Both boxes of a picture stand together.
    let rows = vec![row(a, &[(0, 12.0, 30.0), (1, 20.0, 33.0)]), row("/b.jpg", &[]), with_box];
    imglab().write(&dataset(rows), &path).unwrap();
    let expected = "<?xml version='1.0' encoding='UTF-8'?>
<dataset>
<name>a &amp; b</name>
<images>
  <image file='photos/a.jpg'>
    <box top='30' left='12' width='9' height='4'>
      <part name='a' x='12' y='30'/>
      <part name='left b' x='20' y='33'/>
    </box>
    <box top='2' left='1' width='30' height='40.5'>
      <part name='a' x='12' y='30.25'/>
    </box>
  </image>
  <image file='/b.jpg'>
  </image>
</images>
</dataset>
";
    assert_eq!(std::fs::read_to_string(&path).unwrap(), expected);
}

#[test]
fn what_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("labels.xml");
    let error = |row| imglab().write(&dataset(vec![row]), &path).unwrap_err().to_string();
    let nan = error(row("a.jpg", &[(0, f32::NAN, 1.0)]));
    assert!(
        nan.ends_with("a.jpg: cannot be written as imglab: a coordinate is not a finite number"),
        "{nan}"
    );
    let beyond = error(row("a.jpg", &[(3, 1.0, 1.0)]));
    assert!(beyond.ends_with("a point beyond the 3 of the schema"), "{beyond}");
    let control = error(row("/p/a\u{1}.jpg", &[(0, 1.0, 1.0)]));
    assert!(control.ends_with(r#"XML cannot hold the name "/p/a\u{1}.jpg""#), "{control}");
    assert!(!path.exists());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = imglab().recognises(Path::new("a.xml"), &bytes);
        let _ = read(&bytes);
    }

    #[test]
    fn any_change_of_a_file_is_read_or_refused(
        changes in proptest::collection::vec((0..DOGS.len(), "[<>/='&;0-9eE+.a-]{0,3}", 0..4_usize), 1..4),
    ) {
        let text = replaced(DOGS, changes);
        let _ = imglab().recognises(Path::new("a.xml"), text.as_bytes());
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
