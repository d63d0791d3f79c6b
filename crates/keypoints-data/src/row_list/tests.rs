use super::*;

#[test]
fn says_which_line_is_no_row() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("rows.csv");
    let read = |text: &str| {
        std::fs::write(&path, text).unwrap();
        read_row_list(&path, 10).map_err(|error| error.to_string())
    };
    assert_eq!(read("row\r\n3\r\n\r\n10\r\n"), Ok(vec![3, 10]));
    assert_eq!(read("row\n"), Ok(vec![]));
    assert_eq!(read("row,score\n7,12.5\n2 ,9.0,nose_tip\n"), Ok(vec![7, 2]));
    for (text, place) in [("row\n3\n0\n", "row 2"), ("row\n11\n", "row 1"), ("r\nx\n", "row 1")] {
        let error = read(text).unwrap_err();
        assert!(error.contains(&format!("{place}: expected the number of a row")), "{error}");
    }
    assert!(read("").unwrap_err().contains("found an empty file"));
    let error = read("9\n8\n").unwrap_err();
    assert!(error.contains("rows.csv, line 1: expected a header, found `9`"), "{error}");
    std::fs::remove_file(&path).unwrap();
    assert!(read_row_list(&path, 10).unwrap_err().to_string().contains("no such file"));
}
