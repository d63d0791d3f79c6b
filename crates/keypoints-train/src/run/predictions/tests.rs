use super::*;

#[test]
fn says_where_a_file_is_wrong() {
    let schema = Schema::kaggle15();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("predictions.csv");
    let gaps = ",".repeat(29);
    let read = |lines: &str| {
        std::fs::write(&path, format!("{}\n{lines}", header(&schema, false))).unwrap();
        HeldOutPredictions::read(&schema, &path).map_err(|error| error.to_string())
    };
    let good = format!("3,full,0.1{gaps}\n");
    assert_eq!(read(&good).unwrap().rows[0].prediction.present().next().unwrap().1, 0.1);
    for (lines, text) in [
        (format!("{good}{good}"), "line 3: row 3 again"),
        (format!("0,full,{gaps}"), "the number of a row expected, but line 2: `0`"),
        (format!("1,half,{gaps}"), "a label source expected, but line 2: `half`"),
        (format!("1,full,x{gaps}"), "a number expected, but line 2: left_eye_center_x `x`"),
        (format!("1,full,NaN{gaps}"), "a number expected, but line 2: left_eye_center_x `NaN`"),
        ("1,full,".to_owned(), "a cell for each coordinate"),
        ("1".to_owned(), "row, source and coordinates expected"),
    ] {
        let error = read(&lines).unwrap_err();
        assert!(error.contains("predictions.csv") && error.contains(text), "{error}");
    }
    std::fs::write(&path, "row\n").unwrap();
    assert!(HeldOutPredictions::read(&schema, &path).unwrap_err().to_string().contains("a header"));
}
