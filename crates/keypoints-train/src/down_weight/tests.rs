use super::*;

#[test]
fn a_list_is_known_by_its_rows() {
    let folder = tempfile::tempdir().unwrap();
    let list = |name: &str, text: &str| {
        let file = folder.path().join(name);
        std::fs::write(&file, text).unwrap();
        DownWeight { file, weight: 0.25 }.load(5).map_err(|error| error.to_string())
    };
    let first = list("a.csv", "row,score\n4,9.5\n2,7.1\n").unwrap();
    assert_eq!(first.weights, [1.0, 0.25, 1.0, 0.25, 1.0]);
    assert_eq!(list("b.csv", "row\n2\n4\n4\n").unwrap(), first);
    assert_ne!(list("c.csv", "row\n2\n").unwrap().hash, first.hash);
    let error = list("d.csv", "row\n6\n").unwrap_err();
    assert!(error.contains("d.csv") && error.contains("expected the number of a row"), "{error}");
}

#[test]
fn only_weights_from_0_to_1_are_accepted() {
    for (weight, good) in [(0.0, true), (1.0, true), (-0.1, false), (f32::NAN, false)] {
        let list = DownWeight { file: "rows.csv".into(), weight };
        assert_eq!(list.check().is_ok(), good, "{weight}");
    }
}
