use super::*;

#[test]
fn the_line_climbs_one_row_at_a_time() {
    let errors = sorted(&[0.2, f64::NAN, 0.05, f64::INFINITY, 0.1]);
    let expected = [(0.0, 0.0), (0.05, 0.0), (0.05, 0.25), (0.1, 0.25), (0.1, 0.5), (0.15, 0.5)];
    assert_eq!(stairs(&errors, 0.15), expected);
    let failed = |errors: &[f64], failure| {
        failed(errors, &CumulativeOptions { failure, ..CumulativeOptions::default() })
    };
    assert_eq!(failed(&errors, Some(0.1)), ", 50.0 % failed");
    assert_eq!(failed(&errors, None), "");
    assert_eq!(failed(&[], None), ", no faces");
}

#[test]
fn many_rows_make_no_more_points_than_can_be_seen() {
    let errors: Vec<f64> = (0..100_000).map(|row| f64::from(row) * 1e-6).collect();
    let corners = stairs(&errors, 0.05);
    assert!(corners.len() < 2100, "{}", corners.len());
    assert_eq!(corners.last(), Some(&(0.05, 0.50001)));
}
