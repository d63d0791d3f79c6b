//! Differences, and how far to trust them.

use super::*;

fn result(name: &str, fold: usize, score: f64) -> CellResult {
    let (name, state) = (name.to_owned(), State::Finished);
    let mut result = CellResult { name, fold, seconds: 2.0, state, ..Default::default() };
    result.scores.suspicious = 1;
    result.scores.raw.weighted_rmse = Some(score);
    result.scores.clean.weighted_rmse = Some(score / 2.0);
    result
}

fn refs(results: &[CellResult]) -> Vec<&CellResult> {
    results.iter().collect()
}

#[test]
fn a_change_is_compared_on_its_own_fold() {
    let results = [
        result("base", 1, 2.0),
        result("wide", 1, 1.5),
        result("base", 2, 4.0),
        result("wide", 2, 3.75),
        result("late", 3, 1.0),
    ];
    let found = effects(&refs(&results), "base");
    assert_eq!(found.len(), 1, "no base on fold 3");
    assert_eq!(found[0].raw.values, [-0.5, -0.25]);
    assert_eq!(found[0].clean.mean, Some(-0.1875));
    assert_eq!(found[0].seconds, Some(1.0));
    let cells = ["wide", "-0.375 ± 0.177", "", "-0.188 ± 0.088", "", "", "×1.00", "2"];
    assert_eq!(found[0].cells(), cells);
    assert_eq!(cells.len(), Effect::COLUMNS.len());
    // With the other one for a reference, the sign turns.
    assert_eq!(effects(&refs(&results), "wide")[0].raw.values, [0.5, 0.25]);
}

#[test]
fn the_faces_say_how_far_to_trust_a_difference() {
    let with = |name: &str, seed: u64, clean: [f64; 3]| {
        let mut result = CellResult { seed, ..result(name, 1, 2.0) };
        let one = |(face, clean)| Influence { row: face + 4, raw: 2.0 * clean, clean };
        result.scores.influences = clean.into_iter().enumerate().map(one).collect();
        result
    };
    // Two seeds on the same three faces: each counts once, with the mean of both.
    let results = [
        with("base", 1, [0.0, 0.1, -0.1]),
        with("base", 2, [0.0, 0.1, -0.1]),
        with("wide", 1, [0.0, 0.5, -0.5]),
        with("wide", 2, [0.0, 0.3, -0.3]),
    ];
    let found = effects(&refs(&results), "base");
    let near = |found: Option<f64>, wanted: f64| (found.unwrap() - wanted).abs() < 1e-12;
    assert!(near(found[0].clean_error, 0.3 * 2.0_f64.sqrt()), "{found:?}");
    assert!(near(found[0].raw_error, 0.6 * 2.0_f64.sqrt()), "{found:?}");
    assert!([5, 6].contains(&found[0].most_influential.unwrap().row), "{found:?}");

    // Not of the same faces, or without influences.
    let mut other = results;
    other[2].scores.influences[0].row = 99;
    assert_eq!(effects(&refs(&other), "base")[0].raw_error, None);
    other[2].scores.influences.clear();
    let found = &effects(&refs(&other), "base")[0];
    assert_eq!((found.raw_error, found.most_influential), (None, None));
}
