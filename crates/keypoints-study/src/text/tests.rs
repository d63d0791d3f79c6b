//! Tables as text.

use super::*;

#[test]
fn names_stand_left_and_numbers_right() {
    let row = |cells: [&str; 2]| cells.map(str::to_owned).to_vec();
    let rows = [row(["a|b", "1.00"]), row(["c", ""])];
    let columns = row(["name", "px"]);
    let expected = "| name | px |\n| --- | ---: |\n| a\\|b | 1.00 |\n| c | – |\n";
    assert_eq!(markdown(&columns, &rows), expected);
}

#[test]
fn columns_without_text_are_left_out() {
    let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    let (columns, rows) = filled(&row(["name", "nothing", "px"]), &[row(["a", "", "1"])]);
    assert_eq!((columns.join(" "), rows[0].join(" ")), ("name px".into(), "a 1".into()));
}

#[test]
fn quotes_what_would_be_two_cells() {
    let cells = ["batches of 64", "Gaussian, 3 px", "a \"b\""].map(str::to_owned);
    assert_eq!(csv_line(&cells), "batches of 64,\"Gaussian, 3 px\",\"a \"\"b\"\"\"\n");
}
