use super::*;

#[test]
fn sources_with_the_same_gaps_stand_side_by_side() {
    let counts: Named<Vec<usize>> =
        [("a".to_owned(), vec![5, 0, 2]), ("b".to_owned(), vec![0, 3, 4])].into_iter().collect();
    let bars: Vec<(usize, usize, f64)> = bars(&counts, 2)
        .iter()
        .map(|bar| (bar.source, bar.rows, (bar.right - bar.left) * 100.0))
        .map(|(source, rows, wide)| (source, rows, wide.round()))
        .collect();
    assert_eq!(bars, [(0, 5, 76.0), (1, 3, 76.0), (0, 2, 38.0), (1, 4, 38.0)]);
}

#[test]
fn the_axis_of_many_coordinates_has_few_marks() {
    assert_eq!(x_marks(30).len(), 31);
    let marks = x_marks(196);
    assert!((10..=21).contains(&marks.len()), "{marks:?}");
    assert_eq!(marks[1], (10.0, "10".to_owned()));
}
