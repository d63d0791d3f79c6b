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
fn quotes_what_would_be_two_cells() {
    let cells = ["batches of 64", "Gaussian, 3 px", "a \"b\""].map(str::to_owned);
    assert_eq!(csv_line(&cells), "batches of 64,\"Gaussian, 3 px\",\"a \"\"b\"\"\"\n");
}
