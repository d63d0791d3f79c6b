//! Tables as text.

use super::*;

#[test]
fn names_stand_left_numbers_right_and_empty_columns_are_left_out() {
    let row = |cells: [&str; 3]| cells.map(str::to_owned).to_vec();
    let rows = [row(["a|b", "", "1.00"]), row(["c", "", ""])];
    let columns = row(["name", "nothing", "px"]);
    let expected = "| name | px |\n| --- | ---: |\n| a\\|b | 1.00 |\n| c | – |\n";
    assert_eq!(markdown(&columns, 1, &rows), expected);
}

#[test]
fn quotes_what_would_be_two_cells() {
    let cells = ["batches of 64", "Gaussian, 3 px", "a \"b\""].map(str::to_owned);
    assert_eq!(csv_line(&cells), "batches of 64,\"Gaussian, 3 px\",\"a \"\"b\"\"\"\n");
}
