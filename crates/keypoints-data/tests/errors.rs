//! Every fault is named with its place and with the text that was found there.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod common;

use std::error::Error as _;
use std::fmt::Debug;

use common::{file, header, image, row, test_csv, training_csv, zip_of};
use keypoints_data::DataError;
use keypoints_data::kaggle::{
    DataDir, PixelFault, check_lookup, read_lookup, read_test, read_training,
};

/// The error's text without the folder in front.
#[track_caller]
fn text<T: Debug>(folder: &tempfile::TempDir, result: Result<T, DataError>) -> String {
    let error = result.map(|_| ()).unwrap_err().to_string();
    let folder = folder.path().display().to_string();
    let rest = error.strip_prefix(&folder).unwrap_or_else(|| panic!("no path in {error:?}"));
    rest.trim_start_matches(std::path::MAIN_SEPARATOR).to_owned()
}

#[track_caller]
fn training(bytes: impl AsRef<[u8]>) -> String {
    let (folder, path) = file("training.csv", bytes);
    text(&folder, read_training(&path))
}

#[track_caller]
fn zipped(bytes: impl AsRef<[u8]>) -> String {
    let (folder, path) = file("training.zip", bytes);
    text(&folder, read_training(&path))
}

#[track_caller]
fn lookup(rows: &str) -> String {
    let (folder, path) =
        file("IdLookupTable.csv", format!("RowId,ImageId,FeatureName,Location\n{rows}"));
    text(&folder, read_lookup(&path))
}

/// Three good rows, then `row` as row 4, then a good one.
fn with_row_4(row: impl AsRef<[u8]>) -> Vec<u8> {
    [training_csv(3).as_bytes(), row.as_ref(), b"\n", common::row(0).as_bytes(), b"\n"].concat()
}

/// A row of good fields of which one is replaced; column 30 is the image.
fn row_with(column: usize, field: &str) -> String {
    let row = row(0);
    let mut fields: Vec<&str> = row.split(',').collect();
    fields[column] = field;
    fields.join(",")
}

#[test]
fn missing_files() {
    let folder = tempfile::tempdir().unwrap();
    let missing = read_training(&folder.path().join("training.csv"));
    assert!(matches!(missing, Err(DataError::MissingFile { .. })));
    assert_eq!(text(&folder, missing), "training.csv: no such file");

    let message = text(&folder, DataDir::new(folder.path()).training());
    let expected = ": expected one of training.csv, training.zip, training.csv.zip, \
                    facial-keypoints-detection.zip in this folder, found none";
    assert_eq!(message, expected);
}

#[cfg(unix)]
#[test]
fn what_the_operating_system_refuses() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("training.csv");
    std::fs::create_dir(&path).unwrap();
    let error = read_training(&path).unwrap_err();
    assert!(matches!(error, DataError::Io { .. }));
    assert!(error.source().unwrap().to_string().contains("directory"));
    assert_eq!(text(&folder, Err::<(), _>(error)), "training.csv: cannot be read");
}

#[test]
fn empty_files() {
    let empty = "training.csv: expected a header line, found an empty file";
    for nothing in ["", "\n", " \r\n\r\n"] {
        assert_eq!(training(nothing), empty);
    }
    for header_only in [header(), header() + "\n", header() + "\r\n", header() + "\n\n"] {
        let expected = "training.csv: expected rows below the header, found none";
        assert_eq!(training(header_only), expected);
    }
}

#[test]
fn columns_that_do_not_fit() {
    assert_eq!(
        training(training_csv(1).replacen("nose_tip_x", "nose", 1)),
        "training.csv: expected a column `nose_tip_x`, \
         found the header `left_eye_center_x,left_eye_center_y,righ…`"
    );
    assert_eq!(
        training(test_csv(&["1"])),
        "training.csv: expected a column `left_eye_center_x`, found the header `ImageId,Image`"
    );
    assert_eq!(
        training(training_csv(1).replacen(",Image", ",Image,Age", 1)),
        "training.csv: expected 31 columns, found another one, `Age`"
    );
    assert_eq!(
        training(training_csv(1).replacen(",Image", ",Image,nose_tip_x", 1)),
        "training.csv: expected the column `nose_tip_x` once, found it twice"
    );
    assert_eq!(
        training(training_csv(1).replacen("nose_tip_x", "\"nose_tip_x", 1)),
        "training.csv: header, column 21: expected a closing quote at the end of the field, \
         found `\"nose_tip_x,nose_tip_y,mouth_left_corner…`"
    );
    assert_eq!(
        training(b"left\xff,Image\n"),
        "training.csv: header, column 1: expected UTF-8, found `left\u{fffd}`"
    );
}

#[test]
fn rows_that_come_apart() {
    assert_eq!(training(with_row_4("1,2,3")), "training.csv: row 4: expected 31 fields, found 3");
    assert_eq!(
        training(with_row_4(row(0) + ",5")),
        "training.csv: row 4: expected 31 fields, found 32"
    );
    for blank in ["", "  ", &",".repeat(30)] {
        let expected =
            "row 4 is a blank line with rows below it; delete it if no row is lost there";
        assert_eq!(training(with_row_4(blank)), format!("training.csv: {expected}"));
    }
    assert_eq!(
        training(with_row_4(row_with(2, "\"30.5"))),
        "training.csv: row 4, column right_eye_center_x: \
         expected a closing quote at the end of the field, found `\"30.5,10.1234567891,13.1234567891,16.123…`"
    );
    assert_eq!(
        training(with_row_4(row_with(2, "\"30\"5"))),
        "training.csv: row 4, column right_eye_center_x: \
         expected a closing quote at the end of the field, found `\"30\"5,10.1234567891,13.1234567891,16.123…`"
    );
    let mut broken = row_with(2, "3~0").into_bytes();
    let tilde = broken.iter().position(|&byte| byte == b'~').unwrap();
    broken[tilde] = 0xff;
    assert_eq!(
        training(with_row_4(broken)),
        "training.csv: row 4, column right_eye_center_x: expected UTF-8, found `3\u{fffd}0`"
    );
    let mut broken = row(0).into_bytes();
    let last = broken.len() - 3;
    broken[last] = 0xfe;
    let message = training(with_row_4(broken));
    let expected = "training.csv: row 4, column Image: expected UTF-8, found `";
    assert!(message.starts_with(expected) && message.contains('\u{fffd}'), "{message}");
}

#[test]
fn lines_and_cells_without_end() {
    for length in [(1 << 20) + 1, 3 << 20, 5 << 20, 9 << 20] {
        assert_eq!(
            training(with_row_4(vec![b'7'; length])),
            "training.csv: row 4: expected at most 1048576 bytes, found a longer line"
        );
        assert_eq!(
            training(vec![b'a'; length]),
            "training.csv: header: expected at most 1048576 bytes, found a longer line"
        );
    }
    assert_eq!(
        training(with_row_4(row_with(20, &"1".repeat(129)))),
        format!(
            "training.csv: row 4, column nose_tip_x: expected at most 128 bytes, found 129: `{}…`",
            "1".repeat(40)
        )
    );
}

#[test]
fn pixels() {
    let good = image(0);
    let short = good.rsplit_once(' ').unwrap().0;
    assert_eq!(
        training(with_row_4(row_with(30, short))),
        "training.csv: row 4, column Image: expected 9216 pixels, found 9215"
    );
    assert_eq!(
        training(with_row_4(row_with(30, &format!("{good} 1")))),
        "training.csv: row 4, column Image: expected 9216 pixels, found 9217"
    );
    assert_eq!(
        training(with_row_4(row_with(30, ""))),
        "training.csv: row 4, column Image: expected 9216 pixels, found 0"
    );
    for bad in ["256", "-1", "1.5", "x", "\u{1b}[2J"] {
        let shown = bad.escape_default();
        assert_eq!(
            training(with_row_4(row_with(30, &good.replacen("0 3 6", &format!("0 {bad} 6"), 1)))),
            format!(
                "training.csv: row 4, column Image: pixel 2: \
                 expected a whole number from 0 to 255, found `{shown}`"
            )
        );
    }
    let (_folder, path) = file("training.csv", with_row_4(row_with(30, "1 2 3")));
    let error = read_training(&path).unwrap_err();
    let DataError::Pixels { path: at, row, fault } = error else { panic!("{error:?}") };
    assert_eq!((at, row, fault), (path, 4, PixelFault::Count { found: 3 }));
}

#[test]
fn coordinates() {
    for bad in
        ["abc", " ", "6,6,0", "6 6", " 66", "66.0\r", "6\u{1f}6", "0x10", "1_0", "--1", "\"\""]
    {
        // A field with a comma needs quotes; a blank one in quotes is fine.
        let field = if bad.contains(',') { format!("\"{bad}\"") } else { bad.to_owned() };
        let csv = with_row_4(row_with(20, &field));
        if bad == "\"\"" {
            let (_folder, path) = file("training.csv", csv);
            assert_eq!(read_training(&path).unwrap().labels()[3].count(), 29);
            continue;
        }
        let shown = bad.replace('\r', "\\r").replace('\u{1f}', "\\u{1f}");
        assert_eq!(
            training(csv),
            format!(
                "training.csv: row 4, column nose_tip_x: \
                 expected a number or nothing, found `{shown}`"
            )
        );
    }
    for bad in ["nan(1)", "nans"] {
        let said = training(with_row_4(row_with(20, bad)));
        assert!(said.ends_with(&format!("expected a number or nothing, found `{bad}`")), "{said}");
    }
    for bad in ["inf", "-infinity", "1e400"] {
        assert_eq!(
            training(with_row_4(row_with(20, bad))),
            format!(
                "training.csv: row 4, column nose_tip_x: \
                 expected a finite number or nothing, found `{bad}`"
            )
        );
    }
    for bad in ["-0.5", "96.5", "96.0000000001", "-1e-60", "1e30"] {
        assert_eq!(
            training(with_row_4(row_with(20, bad))),
            format!(
                "training.csv: row 4, column nose_tip_x: \
                 expected a number from 0 to 96, found `{bad}`"
            )
        );
    }
    let long = "y".repeat(100);
    assert!(training(with_row_4(row_with(20, &long))).ends_with(&format!("`{}…`", &long[..40])));
}

#[test]
fn the_first_bad_row_is_the_one_that_is_reported() {
    // A label is looked at later than the shape of the lines below it; the report keeps the file's order.
    let bad_label = row_with(20, "abc");
    let csv = [training_csv(1), bad_label + "\n", "1,2\n".to_owned()].concat();
    let expected = "row 2, column nose_tip_x: expected a number or nothing, found `abc`";
    assert_eq!(training(csv), format!("training.csv: {expected}"));

    let csv = [training_csv(1), "1,2\n".to_owned(), row_with(20, "abc")].concat();
    assert_eq!(training(csv), "training.csv: row 2: expected 31 fields, found 2");
}

#[test]
fn rows_are_counted_across_blocks() {
    let csv = training_csv(400) + &row_with(30, "7");
    assert_eq!(training(csv), "training.csv: row 401, column Image: expected 9216 pixels, found 1");
}

#[test]
fn ids() {
    for bad in ["", "-1", "+1", "1.0", "x", "4294967296"] {
        let (folder, path) = file("test.csv", test_csv(&["1", bad]));
        assert_eq!(
            text(&folder, read_test(&path)),
            format!(
                "test.csv: row 2, column ImageId: \
                 expected a whole number from 0 to 4294967295, found `{bad}`"
            )
        );
    }
    let (folder, path) = file("test.csv", test_csv(&["5", "6", "5"]));
    assert_eq!(
        text(&folder, read_test(&path)),
        "test.csv: row 3, column ImageId: expected a new number, found `5`, which row 1 has"
    );
}

#[test]
fn lookup_rows() {
    assert_eq!(
        lookup("1,1,nose_tip_x,\n2,1,nose_tip,\n"),
        "IdLookupTable.csv: row 2, column FeatureName: \
         expected a coordinate such as `nose_tip_x`, found `nose_tip`"
    );
    assert_eq!(
        lookup("1,1,,\n"),
        "IdLookupTable.csv: row 1, column FeatureName: \
         expected a coordinate such as `nose_tip_x`, found ``"
    );
    assert_eq!(
        lookup("1,1,nose_tip_x,\n1,2,nose_tip_x,\n"),
        "IdLookupTable.csv: row 2, column RowId: expected a new number, found `1`, which row 1 has"
    );
    for (row, found) in [("1,1\n", 2), ("1,1,nose_tip_x,,5\n", 5)] {
        let expected = format!("row 1: expected 4 fields, found {found}");
        assert_eq!(lookup(row), format!("IdLookupTable.csv: {expected}"));
    }
    assert_eq!(
        lookup("1,one,nose_tip_x,\n"),
        "IdLookupTable.csv: row 1, column ImageId: \
         expected a whole number from 0 to 4294967295, found `one`"
    );

    let (_test_folder, test) = file("test.csv", test_csv(&["1", "2"]));
    let table = "RowId,ImageId,FeatureName\n1,1,nose_tip_x\n2,3,nose_tip_x\n";
    let (folder, path) = file("IdLookupTable.csv", table);
    let checked = check_lookup(&read_lookup(&path).unwrap(), &read_test(&test).unwrap(), &path);
    assert_eq!(
        text(&folder, checked),
        "IdLookupTable.csv: row 2, column ImageId: \
         expected one of the 2 images of test.csv, found `3`"
    );
}

#[test]
fn zips() {
    let csv = training_csv(2);
    let zip = zip_of(&[("training.csv", csv.as_bytes())]);
    for length in [4, 30, zip.len() / 2, zip.len() - 1] {
        assert_eq!(
            zipped(&zip[..length]),
            "training.zip: expected a whole zip, found a broken one"
        );
    }
    assert_eq!(
        zipped(zip_of(&[("a.csv", b""), ("b/notes.txt", b"")])),
        "training.zip: expected one of training.csv, training.zip, training.csv.zip inside, \
         found `a.csv`, `b/notes.txt`"
    );
    assert_eq!(
        zipped(zip_of(&[])),
        "training.zip: expected one of training.csv, training.zip, training.csv.zip inside, \
         found nothing"
    );
    let outer = zip_of(&[("training.zip", &zip[..zip.len() - 1])]);
    assert_eq!(
        zipped(outer),
        "training.zip/training.zip: expected a whole zip, found a broken one"
    );
    let matryoshka = zip_of(&[("training.zip", &zip_of(&[("training.zip", &zip)]))]);
    assert_eq!(
        zipped(matryoshka),
        "training.zip/training.zip/training.zip: \
         expected at most 1073741824 bytes and one zip inside another, found more"
    );
    let bad = zip_of(&[("training.csv", &with_row_4("1,2"))]);
    assert_eq!(zipped(bad), "training.zip/training.csv: row 4: expected 31 fields, found 2");
}

#[test]
fn a_zip_whose_checksum_is_wrong() {
    let csv = training_csv(2);
    let stored =
        common::zip_with(&[("training.csv", csv.as_bytes())], zip::CompressionMethod::Stored);
    let mut zip = stored.clone();
    // A digit of the last pixel: the file still parses, but it is not what was packed.
    let at = zip.windows(3).position(|bytes| bytes == b"\nPK").unwrap() - 1;
    zip[at] = if zip[at] == b'1' { b'2' } else { b'1' };
    let (folder, path) = file("training.zip", zip);
    let error = read_training(&path).unwrap_err();
    assert!(error.source().unwrap().to_string().to_lowercase().contains("checksum"), "{error:?}");
    assert_eq!(
        text(&folder, Err::<(), _>(error)),
        "training.zip/training.csv: expected a whole zip, found a broken one"
    );
}

#[test]
fn a_bomb_is_given_up_on_early() {
    // 64 MiB of one line in 64 KiB of zip: refused after the first 4 MiB.
    let line = vec![b'7'; 64 << 20];
    let zip = zip_of(&[("training.csv", &line)]);
    assert_eq!(
        zipped(zip),
        "training.zip/training.csv: header: expected at most 1048576 bytes, found a longer line"
    );
}

#[test]
fn too_many_rows() {
    let mut table = "RowId,ImageId,FeatureName\n".to_owned();
    for row in 0..(1 << 22) + 1 {
        use std::fmt::Write as _;
        writeln!(table, "{row},1,nose_tip_x").unwrap();
    }
    let (folder, path) = file("IdLookupTable.csv", &table);
    assert_eq!(
        text(&folder, read_lookup(&path)),
        "IdLookupTable.csv: expected at most 4194304 rows, found more"
    );
    table.truncate(table.trim_end().rfind('\n').unwrap());
    let (_folder, path) = file("IdLookupTable.csv", &table);
    assert_eq!(read_lookup(&path).unwrap().len(), 1 << 22);
}

/// Polars skips a byte order mark at the start of what it reads; a file has one before its header or nowhere.
#[test]
fn a_byte_order_mark_in_the_first_row() {
    let csv = format!("{}\n\u{feff}{}\n", header(), row(0));
    let said = training(&csv);
    let expected = r"training.csv: row 1, column left_eye_center_x: expected a number or nothing, found `\u{feff}";
    assert!(said.starts_with(expected), "{said}");
}

/// Each is named with its cause and with what to do.
#[test]
fn files_as_other_programs_leave_them() {
    let csv = training_csv(2);
    let lines = |with: &dyn Fn(usize, &str) -> String| -> String {
        csv.lines().enumerate().map(|(number, line)| with(number, line) + "\n").collect()
    };
    let indexed = |name: &'static str| {
        lines(&|number, line| match number {
            0 => format!("{name},{line}"),
            row => format!("{},{line}", row - 1),
        })
    };
    for name in ["", "\"\"", "Unnamed: 0"] {
        assert_eq!(
            training(indexed(name)),
            "training.csv: column 1 has no name; if these are row numbers, save the table without them \
             (pandas: `index=False`, R: `row.names=FALSE`)"
        );
    }
    assert!(training(indexed("index")).ends_with("(pandas: `index=False`)"));
    assert_eq!(
        training(lines(&|number, line| format!("{line},{}", ["", "", "old"][number]))),
        "training.csv: row 2: found `old` in column 32, which has no name; name the column or delete it"
    );
    assert_eq!(
        training(csv.replacen(",nose_tip_x", ",,nose_tip_x", 1)),
        "training.csv: column 21 has no name; name it or delete it"
    );
    let decimal_commas = lines(&|_, line| match line.rsplit_once(',') {
        Some((cells, image)) => format!("{},{image}", cells.replace('.', ",")),
        None => line.to_owned(),
    });
    assert_eq!(
        training(decimal_commas),
        "training.csv: row 1: expected 31 fields, found 61; a number with a decimal comma counts as two fields: \
         write points, or semicolons between the columns"
    );
    let said = training(csv.replace(' ', ","));
    assert!(said.ends_with("a picture written with commas needs quotes around it"), "{said}");

    let utf16: Vec<u8> = csv.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for marked in [utf16.clone(), [&b"\xff\xfe"[..], &utf16].concat()] {
        assert_eq!(training(&marked), "training.csv: a table in UTF-16; save it as UTF-8");
        let zip = zip_of(&[("training.csv", &marked)]);
        assert!(zipped(zip).ends_with("training.csv: a table in UTF-16; save it as UTF-8"));
    }
    for (magic, name) in [
        (&b"\x1f\x8b\x08\0"[..], "gzip"),
        (b"\xfd7zXZ\0", "xz"),
        (b"\x28\xb5\x2f\xfd", "zstd"),
        (b"BZh91AY&SY", "bzip2"),
    ] {
        let said = training([magic, csv.as_bytes()].concat());
        assert_eq!(said, format!("training.csv: compressed with {name}; unpack it first"));
    }
    assert!(training("<!DOCTYPE html>\n<title>Log in</title>").contains("a web page"));
    assert!(
        zipped(zip_of(&[("[Content_Types].xml", b""), ("xl/workbook.xml", b"")]))
            .ends_with(": an Excel workbook; save the sheet as CSV")
    );

    assert_eq!(
        training(with_row_4(row_with(30, "[238 236 237 ...  72  72  73]"))),
        "training.csv: row 4, column Image: `...` after 3 pixels: the picture was cut when it was printed. \
         Save every pixel, in Python as `' '.join(map(str, pixels))`"
    );
    let said = training(with_row_4(row_with(30, "\"[238 236\n 237 72]\"")));
    assert!(said.contains("an array that goes over several lines?"), "{said}");
    let cut = vec!["255"; 9216].join(" ");
    let said = training(with_row_4(row_with(30, &cut[..32_767])));
    assert!(
        said.contains("found 8192 in 32767 characters, the most that a spreadsheet keeps"),
        "{said}"
    );
    // The same in the other files.
    let (folder, path) = file("test.csv", ",ImageId,Image\n0,1,2\n");
    assert!(text(&folder, read_test(&path)).contains("column 1 has no name"));
    let (folder, path) =
        file("IdLookupTable.csv", ",RowId,ImageId,FeatureName\n0,1,1,nose_tip_x\n");
    assert!(text(&folder, read_lookup(&path)).contains("column 1 has no name"));
    assert!(lookup("1,1,nose_tip_x,\n\n2,1,nose_tip_y,\n").contains("row 2 is a blank line"));
}
