//! What the checker tells the person who is about to upload a file.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod common;

use std::fs;

use common::small_lookup;
use keypoints_kaggle::{CheckReport, KaggleError, Problem, check};

/// Rows of a good file: `RowId` and `Location`.
fn good_rows() -> Vec<String> {
    (1..=48).map(|row_id| format!("{row_id},{row_id}.5")).collect()
}

fn check_rows(rows: &[String]) -> CheckReport {
    check_text(&format!("RowId,Location\n{}\n", rows.join("\n")))
}

fn check_text(text: &str) -> CheckReport {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("submission.csv");
    fs::write(&path, text).unwrap();
    check(&path, &small_lookup()).unwrap()
}

/// The messages of a report whose problems are all kept.
fn messages(report: &CheckReport) -> Vec<String> {
    assert_eq!(report.problems().len(), report.problem_count());
    report.problems().iter().map(Problem::to_string).collect()
}

#[test]
fn a_good_file_has_numbers_and_no_problems() {
    let report = check_rows(&good_rows());
    assert!(report.is_ok());
    assert_eq!(report.warnings(), Vec::<String>::new());
    let summary = report.summary();
    assert_eq!((summary.rows, summary.requests), (48, 48));
    assert_eq!((summary.min, summary.max, summary.mean), (1.5, 48.5, 25.0));
    let text = report.to_string();
    assert!(text.contains("submission.csv: ready for Kaggle\n"), "{text}");
    assert!(text.ends_with("48 rows for 48 requests, locations from 1.5 to 48.5, mean 25.00"));
}

#[test]
fn rows_and_columns_may_be_in_any_order() {
    let mut rows = good_rows();
    rows.swap(16, 17);
    let report = check_rows(&rows);
    assert!(report.is_ok());
    let expected = "2 rows are in another order than in IdLookupTable.csv, from row 17 on (RowId 18, there 17); \
                    Kaggle goes by RowId";
    assert_eq!(report.warnings(), [expected]);
    let text = report.to_string();
    assert!(text.contains("ready for Kaggle\n") && text.contains(&format!("warning: {expected}")));

    rows.reverse();
    rows.remove(0);
    let report = check_rows(&rows);
    assert_eq!(messages(&report), ["RowId 48 (right_eye_inner_corner_y of image 9) is missing"]);
    assert!(report.warnings()[0].starts_with("46 rows are in another order"), "{report}");

    let swapped =
        |row: &String| row.split_once(',').map(|(id, place)| format!("{place},{id}")).unwrap();
    let rows: Vec<String> = good_rows().iter().map(swapped).collect();
    let report = check_text(&format!("Location,RowId\n{}\n", rows.join("\n")));
    assert!(report.is_ok() && report.warnings().is_empty(), "{report}");
    assert_eq!(report.summary().max, 48.5);
}

#[test]
fn quotes_and_line_ends_of_any_program() {
    let good = format!("RowId,Location\n{}\n", good_rows().join("\n"));
    let quoted = good.replace(',', "\",\"").replace('\n', "\"\n\"");
    let quoted = format!("\"{}", quoted.trim_end_matches('"'));
    for text in [
        &good,
        &quoted,
        &quoted.replacen('"', "\u{feff}\"", 1),
        &good.replace('\n', "\r"),
        &good.replace('\n', "\r\r\n"),
        &format!("{good}\n\n"),
    ] {
        let report = check_text(text);
        assert!(report.is_ok() && report.warnings().is_empty(), "{text:?}: {report}");
    }
}

#[test]
fn files_as_other_programs_leave_them_say_why() {
    let rows = good_rows().join("\n");
    let indexed: String =
        good_rows().iter().enumerate().map(|(row, line)| format!("{row},{line}\n")).collect();
    for (text, said) in [
        (
            format!(",RowId,Location\n{indexed}"),
            "header: expected `RowId,Location`, found `,RowId,Location`: column 1 is a row index, \
             which pandas leaves out with `index=False`, R with `row.names=FALSE`",
        ),
        (
            format!("RowId;Location\n{}", rows.replace(',', ";").replace('.', ",")),
            "header: expected `RowId,Location`, found `RowId;Location`: separate the columns with commas",
        ),
        (
            format!("RowId,Location,\n{}", rows.replace('\n', ",\n")),
            "header: expected `RowId,Location`, found `RowId,Location,`: no comma at the end of the lines",
        ),
        (
            format!("RowId,ImageId,Location\n{indexed}"),
            "header: expected `RowId,Location`, found `RowId,ImageId,Location`: Kaggle takes no further columns",
        ),
        ("R\0o\0w\0I\0d\0".to_owned(), "a table in UTF-16; save it as UTF-8"),
        (
            "PK\u{3}\u{4}".to_owned(),
            "a zip archive or an Excel workbook; unpack it, or save the sheet as CSV",
        ),
    ] {
        assert_eq!(messages(&check_text(&text)), [said]);
    }
}

#[test]
fn a_missing_row_does_not_displace_the_others() {
    let mut rows = good_rows();
    rows.remove(20);
    let report = check_rows(&rows);
    assert_eq!(messages(&report), ["RowId 21 (nose_tip_x of image 1) is missing"]);
    assert!(report.to_string().contains("Kaggle would not take this, 1 problem\n"));
}

#[test]
fn extra_and_repeated_rows_are_named() {
    let mut rows = good_rows();
    rows.insert(3, "2,1".into());
    rows.push("49,1".into());
    let expected = [
        "row 50: RowId 49 is not in IdLookupTable.csv",
        "row 4: RowId 2 again, it stands in row 2 already",
    ];
    assert_eq!(messages(&check_rows(&rows)), expected);
}

#[test]
fn bad_cells_are_named_and_their_rows_are_not_called_missing() {
    let mut rows = good_rows();
    for (row, cell) in ["", "NaN", "nose", "\"12"].iter().enumerate() {
        rows[row] = format!("{},{cell}", row + 1);
    }
    rows[6] = "7,12,5".into();
    let expected = [
        "row 7: expected 2 cells, `RowId,Location`, found 3: is there a decimal comma or an index column?",
        "row 1, column Location: expected a number, found a blank cell",
        "row 2, column Location: expected a number, found `NaN`, which is not finite",
        "row 3, column Location: expected a number, found the text `nose`",
        "row 4, column Location: expected a number, found \"12: write numbers without quotation marks",
    ];
    assert_eq!(messages(&check_rows(&rows)), expected);
}

#[test]
fn locations_outside_of_the_picture_are_a_warning() {
    let mut rows = good_rows();
    rows[4] = "5,-0.01".into();
    rows[5] = "6,96.5".into();
    let report = check_rows(&rows);
    assert!(report.is_ok());
    let expected = "2 rows are outside of the picture (0 to 96), first row 5 with -0.01; Kaggle scores them as they are";
    assert_eq!(report.warnings(), [expected]);
}

#[test]
fn a_file_without_header_lacks_only_the_header() {
    let report = check_text(&good_rows().join("\n"));
    assert_eq!(messages(&report), ["header: expected `RowId,Location`, found `1,1.5`"]);
    assert_eq!(report.summary().rows, 48);
}

#[test]
fn another_header_is_one_problem() {
    let report = check_text(&format!("Id,Location\n{}", good_rows().join("\n")));
    assert_eq!(messages(&report), ["header: expected `RowId,Location`, found `Id,Location`"]);
}

#[test]
fn an_empty_file_lacks_everything() {
    let report = check_text("");
    assert_eq!(report.problem_count(), 49);
    assert_eq!(report.summary().rows, 0);
    let text = report.to_string();
    assert!(text.contains("header: expected `RowId,Location`, found ``"), "{text}");
    assert!(
        text.contains("48 missing rows, first: RowId 1 (left_eye_center_x of image 1) is missing"),
        "{text}"
    );
}

#[test]
fn many_problems_of_one_kind_do_not_hide_another() {
    let mut rows: Vec<String> = (1..=48).map(|row_id| format!("{row_id},NaN")).collect();
    rows[40] = "x,1".into();
    let report = check_rows(&rows);
    assert_eq!(report.problem_count(), 47 + 1 + 1);
    assert!(report.problems().contains(&Problem::RowId { row: 41, found: "x".into() }));
    assert!(report.problems().len() < 10);
    let text = report.to_string();
    let expected = "  47 unreadable locations, first: row 1, column Location: expected a number, \
                    found `NaN`, which is not finite\n";
    assert!(text.contains(expected), "{text}");
    // A line for each of three kinds, and the first and the last.
    let lines = text.lines().filter(|line| !line.contains("warning: "));
    assert_eq!(lines.count(), 5, "{text}");
}

#[test]
fn all_zeros_are_a_warning_and_no_error() {
    let rows: Vec<String> = (1..=48).map(|row_id| format!("{row_id},0")).collect();
    let report = check_rows(&rows);
    assert!(report.is_ok());
    let expected = "all locations are 0: was a sample file uploaded instead?";
    assert_eq!(report.warnings(), [expected]);
    assert!(report.to_string().contains(&format!("warning: {expected}")));

    let half: Vec<String> = good_rows()
        .into_iter()
        .zip(rows.iter().cloned())
        .enumerate()
        .map(|(row, (good, zero))| if row < 24 { zero } else { good })
        .collect();
    let report = check_rows(&half);
    assert!(report.is_ok());
    assert!(report.warnings()[0].starts_with("50 % of the locations are 0"), "{report}");
}

#[test]
fn a_file_that_is_not_there_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("submission.csv");
    assert!(
        matches!(check(&path, &small_lookup()), Err(KaggleError::Read { path: p, .. }) if p == path)
    );
}
