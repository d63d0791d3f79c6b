//! Every shape in which a good file may come reads as the same faces.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use common::{cell, file, header, pixel, row, test_csv, training_csv, zip_of, zip_with};
use keypoints_core::{Coordinate, Dataset, kaggle15};
use keypoints_data::DataError;
use keypoints_data::kaggle::{DataDir, check_lookup, read_lookup, read_test, read_training};
use zip::CompressionMethod;

fn read(name: &str, bytes: impl AsRef<[u8]>) -> Dataset {
    let (_folder, path) = file(name, bytes);
    read_training(&path).unwrap()
}

#[track_caller]
fn assert_is_training(faces: &Dataset, rows: usize) {
    assert_eq!(faces.len(), rows);
    for face in 0..rows {
        let pixels = faces.pictures().get(face);
        assert!(pixels.iter().enumerate().all(|(index, &value)| value == pixel(face, index)));
        for coordinate in faces.schema().coordinates() {
            let expected = cell(face, coordinate.index()).parse::<f32>().ok();
            let name = faces.schema().coordinate_name(coordinate);
            assert_eq!(faces.labels()[face].get(coordinate), expected, "{face} {name}");
        }
    }
    if rows > 1 {
        assert_eq!(faces.labels()[1].count(), 20);
    }
}

#[test]
fn plain_files_with_any_line_end() {
    let csv = training_csv(3);
    assert_is_training(&read("training.csv", &csv), 3);
    assert_is_training(&read("training.csv", csv.trim_end()), 3);
    assert_is_training(&read("any-name.txt", csv.replace('\n', "\r\n")), 3);
    assert_is_training(&read("training.csv", csv.replace('\n', "\r\n").trim_end()), 3);
    assert_is_training(&read("training.csv", format!("\u{feff}{csv}")), 3);
}

#[test]
fn blank_lines_old_line_ends_and_empty_columns() {
    let csv = training_csv(3);
    for end in ["\n", "\r\n\r\n", "  \n", &",".repeat(30), &(",".repeat(31) + "\n\n")] {
        assert_is_training(&read("training.csv", format!("{csv}{end}")), 3);
    }
    assert_is_training(&read("training.csv", format!("\n\r\n{csv}")), 3);
    assert_is_training(&read("training.csv", csv.replace('\n', "\r")), 3);
    assert_is_training(&read("training.csv", csv.replace('\n', "\r").trim_end()), 3);
    assert_is_training(&read("training.csv", csv.replace('\n', "\r\r\n")), 3);
    // Of the header and the rows, of one of the two, and as pandas saves it again.
    assert_is_training(&read("training.csv", csv.replace('\n', ",\n")), 3);
    assert_is_training(&read("training.csv", csv.replace('\n', ",,\r\n")), 3);
    assert_is_training(&read("training.csv", csv.replacen('\n', ",\n", 1)), 3);
    let rows_only = header() + &csv[header().len()..].replace('\n', ",\n").replacen(',', "", 1);
    assert_is_training(&read("training.csv", rows_only), 3);
    assert_is_training(&read("training.csv", csv.replacen('\n', ",Unnamed: 31\n", 1)), 3);
    // Blank lines may fill a block of their own.
    let blank = "\n".repeat(9 << 20);
    assert_is_training(&read("training.csv", format!("{csv}{blank}")), 3);
}

#[test]
fn other_separators_and_decimal_commas() {
    let csv = training_csv(3);
    for separator in [";", "\t", "|"] {
        let separated = csv.replace(',', separator);
        assert_is_training(&read("training.csv", &separated), 3);
        assert_is_training(&read("training.csv", separated.replace('.', ",")), 3);
        assert_is_training(
            &read("training.csv", separated.replace('\n', &format!("{separator}\n"))),
            3,
        );
    }
    let quoted = csv.lines().map(|line| match line.rsplit_once(',') {
        Some((cells, image)) => format!(
            "\"{}\",{image}\n",
            cells.replace('.', "~").replace(',', "\",\"").replace('~', ",")
        ),
        None => line.to_owned(),
    });
    assert_is_training(&read("training.csv", quoted.collect::<String>()), 3);

    let (_folder, path) = file("test.csv", test_csv(&["7", "1"]).replace(',', ";") + ";\n\n");
    assert_eq!(read_test(&path).unwrap().image_ids(), [7, 1]);
    let lookup = "RowId;ImageId;FeatureName;Location\r9;1;nose_tip_x;\r;;;\r";
    let (_folder, path) = file("IdLookupTable.csv", lookup);
    assert_eq!(read_lookup(&path).unwrap().requests()[0].row_id, 9);
}

#[test]
fn words_for_a_gap() {
    for gap in ["nan", "NaN", "NAN", "NA", "N/A", "#N/A", "<NA>", "NULL", "null", "None", "\"NA\""]
    {
        let cells: Vec<String> = (0..30)
            .map(|coordinate| match cell(1, coordinate) {
                blank if blank.is_empty() => gap.to_owned(),
                number => number,
            })
            .collect();
        let csv = [training_csv(1), cells.join(","), ",".to_owned(), common::image(1)].concat();
        assert_is_training(&read("training.csv", csv), 2);
    }
}

#[test]
fn pictures_as_python_writes_them() {
    let csv = training_csv(3);
    let with = |change: &dyn Fn(&str) -> String| -> String {
        let line = |line: &str| match line.rsplit_once(',') {
            Some((cells, image)) if image != "Image" => format!("{cells},{}\n", change(image)),
            _ => format!("{line}\n"),
        };
        csv.lines().map(line).collect()
    };
    for csv in [
        with(&|image| format!("{image} ")),
        with(&|image| format!("[{}]", image.replace(' ', "  "))),
        with(&|image| format!("\"[{}]\"", image.replace(' ', ", "))),
        with(&|image| format!("{}.0", image.replace(' ', ".0 "))),
    ] {
        assert_is_training(&read("training.csv", csv), 3);
    }
}

#[test]
fn more_rows_than_fit_into_one_block() {
    let faces = read("training.csv", training_csv(400));
    assert_is_training(&faces, 400);
}

#[test]
fn quotes_around_fields() {
    let quoted: Vec<String> = training_csv(3)
        .lines()
        .map(|line| {
            line.split(',').map(|field| format!("\"{field}\"")).collect::<Vec<_>>().join(",")
        })
        .collect();
    assert_is_training(&read("training.csv", quoted.join("\n")), 3);
    assert_is_training(&read("training.csv", quoted.join("\r\n") + "\r\n"), 3);
    let some = header() + "\n" + &row(0).replacen(&cell(0, 0), &format!("\"{}\"", cell(0, 0)), 1);
    assert_is_training(&read("training.csv", some), 1);
}

#[test]
fn columns_in_any_order() {
    let reversed: Vec<String> = training_csv(3)
        .lines()
        .map(|line| line.split(',').rev().collect::<Vec<_>>().join(","))
        .collect();
    assert_is_training(&read("training.csv", reversed.join("\n")), 3);
    assert_is_training(&read("training.csv", reversed.join("\r\n") + "\r\n"), 3);
    let rotated: Vec<String> = training_csv(3)
        .lines()
        .map(|line| {
            let mut fields: Vec<&str> = line.split(',').collect();
            fields.rotate_left(7);
            fields.join(",")
        })
        .collect();
    assert_is_training(&read("training.csv", rotated.join("\n")), 3);
}

#[test]
fn zips_and_zips_in_zips_whatever_their_name() {
    let csv = training_csv(3);
    let zip = zip_of(&[("readme.txt", b"hello"), ("training.csv", csv.as_bytes())]);
    assert_is_training(&read("training.zip", &zip), 3);
    assert_is_training(&read("training.csv", &zip), 3);
    assert_is_training(&read("a.zip", zip_of(&[("data/Training.CSV", csv.as_bytes())])), 3);
    for method in [CompressionMethod::Stored, CompressionMethod::Deflated] {
        for inner in ["training.zip", "training.csv.zip", "training.csv"] {
            let outer = zip_with(&[("test.zip", b"x"), (inner, &zip)], method);
            assert_is_training(&read("facial-keypoints-detection.zip", outer), 3);
        }
    }
}

#[test]
fn a_row_without_any_label_and_a_last_cell_that_is_blank() {
    let blank = ",".repeat(30) + &common::image(0);
    let faces = read("training.csv", [header(), blank.clone(), blank].join("\n"));
    assert_eq!((faces.len(), faces.labels()[1].count()), (2, 0));
}

#[test]
fn the_ends_of_the_range_are_in_it() {
    let cells = ["0", "96", "-0.0", "9.6e1", "+5", ".5", "1."].join(",") + &",".repeat(24);
    let faces = read("training.csv", format!("{}\n{cells}{}", header(), common::image(0)));
    let value = |one: Coordinate| faces.labels()[0].get(one);
    let values: Vec<Option<f32>> = Coordinate::all(4).map(value).collect();
    let expected = [0.0, 96.0, -0.0, 96.0, 5.0, 0.5, 1.0].map(Some);
    assert_eq!((&values[..7], values[7]), (&expected[..], None));
}

#[test]
fn test_images_and_requests() {
    let (_folder, path) = file("test.csv", test_csv(&["7", "1", "4294967295"]));
    let test = read_test(&path).unwrap();
    assert_eq!(test.image_ids(), [7, 1, u32::MAX]);
    assert_eq!(test.pictures().get(2)[5], pixel(2, 5));

    let csv =
        "Location,FeatureName,ImageId,RowId\r\n,nose_tip_x,1,9\r\n48.5,\"nose_tip_y\",7,2\r\n";
    let (_folder, path) = file("IdLookupTable.csv", csv);
    let lookup = read_lookup(&path).unwrap();
    let seen: Vec<_> =
        lookup.requests().iter().map(|r| (r.row_id, r.image_id, r.coordinate)).collect();
    assert_eq!(seen, [(9, 1, kaggle15::NOSE_TIP.x()), (2, 7, kaggle15::NOSE_TIP.y())]);
    check_lookup(&lookup, &test, &path).unwrap();

    // The competition's own file: rows end before the blank column that the header announces.
    let (_folder, path) =
        file("IdLookupTable.csv", "RowId,ImageId,FeatureName,Location\r\n1,1,nose_tip_x\r\n");
    assert_eq!(read_lookup(&path).unwrap().requests()[0].coordinate, kaggle15::NOSE_TIP.x());

    let without_location = "RowId,ImageId,FeatureName\n1,1,nose_tip_x\n";
    let (_folder, path) = file("IdLookupTable.zip", {
        zip_of(&[("IdLookupTable.csv", without_location.as_bytes())])
    });
    assert_eq!(read_lookup(&path).unwrap().len(), 1);
}

#[test]
fn a_folder_takes_plain_files_before_zips_and_knows_when_it_is_complete() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.path().join(name), bytes).unwrap();
    let data = DataDir::new(folder.path());
    assert_eq!(data.root(), folder.path());
    assert!(!data.has_competition_files());
    assert!(matches!(data.training(), Err(DataError::NotInFolder { .. })));

    let training = zip_of(&[("training.csv", training_csv(1).as_bytes())]);
    let lookup = b"RowId,ImageId,FeatureName\n1,2,nose_tip_x\n";
    let test = test_csv(&["1", "2"]);
    write(
        "facial-keypoints-detection.zip",
        &zip_of(&[("training.zip", &training), ("test.csv", test.as_bytes())]),
    );
    assert!(!data.has_competition_files());
    assert!(matches!(data.lookup(), Err(DataError::NotInZip { .. })));
    write("IdLookupTable.csv", lookup);
    assert!(data.has_competition_files());
    assert_eq!(data.training().unwrap().len(), 1);
    let (test, lookup) = data.test_and_lookup().unwrap();
    assert_eq!((test.len(), lookup.len()), (2, 1));

    write("training.csv.zip", &zip_of(&[("training.csv", training_csv(2).as_bytes())]));
    assert_eq!(data.training().unwrap().len(), 2);
    write("training.csv", training_csv(3).as_bytes());
    assert_eq!(data.training().unwrap().len(), 3);
    // Nothing is written beside what was there.
    let entries = std::fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    let expected =
        ["IdLookupTable.csv", "facial-keypoints-detection.zip", "training.csv", "training.csv.zip"];
    assert_eq!(names, expected);

    write("IdLookupTable.csv", b"RowId,ImageId,FeatureName\n1,3,nose_tip_x\n");
    assert!(matches!(data.test_and_lookup(), Err(DataError::UnknownImage { found: 3, .. })));
    assert_eq!(data.lookup().unwrap().len(), 1);
}
