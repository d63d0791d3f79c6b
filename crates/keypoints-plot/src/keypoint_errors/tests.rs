use super::*;

#[test]
fn a_keypoint_that_the_first_series_lacks_keeps_its_place() {
    let series = |names: &[&str]| {
        ErrorSeries::new("", names.iter().map(|&name| (name.to_owned(), 1.0)).collect())
    };
    let all = [series(&["b", "d"]), series(&["a", "b", "c", "d", "e"]), series(&["e", "f"])];
    assert_eq!(names(&all), ["a", "b", "c", "d", "e", "f"]);
    assert_eq!(names(&[]), [""; 0]);
}
