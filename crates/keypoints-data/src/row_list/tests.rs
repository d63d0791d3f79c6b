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
    for text in [
        ",row,score\n0,7,12.5\n1,2,9\n",
        "\u{feff}\"\";\"row\";\"score\"\r\n\"1\";7;1,5\r\n\"2\";2;9\r\n;;\r\n",
        "\trow\n0\t7\n1\t2\n",
        "score, Row ,\n1,7,\n2, 2.0,\n\n",
        "\nmislabelled,\n7,\n2,\n",
        "row\r7\r2\r",
    ] {
        assert_eq!(read(text), Ok(vec![7, 2]), "{text:?}");
    }
    for (text, said) in [
        (",0\n0,7\n", "expected a column `row`, or one column only, found the header `,0`"),
        ("a,b\n1,2\n", "name the column of row numbers `row`"),
        ("row,row\n1,2\n", "expected the column `row` once, found it twice"),
        ("score,row\n1\n", "row 1: expected the number of a row, from 1 to 10, found `1`"),
        ("row\n2.5\n", "found `2.5`"),
        ("0\n7\n", "line 1: expected a header, found `0`"),
        ("r\0o\0w\0", "a table in UTF-16; save it as UTF-8"),
        ("\n \n", "found an empty file"),
    ] {
        let error = read(text).unwrap_err();
        assert!(error.contains(said), "{text:?}: {error}");
    }
    assert!(read("").unwrap_err().contains("found an empty file"));
    let error = read("9\n8\n").unwrap_err();
    assert!(error.contains("rows.csv, line 1: expected a header, found `9`"), "{error}");
    std::fs::remove_file(&path).unwrap();
    assert!(read_row_list(&path, 10).unwrap_err().to_string().contains("no such file"));
}
