use super::*;

/// The cutoff of a filter that goes half of the way in a second.
const HALF: f64 = 1.0 / TAU;

fn smoothed(settings: &OneEuro, values: &[f64], unit: f64, step: f64) -> Vec<f64> {
    let mut filter = OneEuroFilter::new(values[0]);
    values[1..].iter().map(|&value| filter.next(settings, value, unit, step)).collect()
}

fn assert_close(found: &[f64], expected: &[f64]) {
    let close = |(one, other): (&f64, &f64)| (one - other).abs() < 1e-12;
    assert!(found.iter().zip(expected).all(close), "{found:?} is not {expected:?}");
    assert_eq!(found.len(), expected.len());
}

#[test]
fn without_beta_it_is_a_low_pass_filter() {
    let settings = OneEuro { min_cutoff: HALF, beta: 0.0, speed_cutoff: HALF };
    assert_close(&smoothed(&settings, &[0.0, 1.0, 1.0, 0.0], 1.0, 1.0), &[0.5, 0.75, 0.375]);
    // In three seconds it goes three quarters of the way.
    assert_close(&smoothed(&settings, &[2.0, 10.0, 10.0], 1.0, 3.0), &[8.0, 9.5]);
}

#[test]
fn the_cutoff_rises_with_the_speed() {
    let settings = OneEuro { min_cutoff: HALF, beta: HALF, speed_cutoff: HALF };
    // Speed 1, smoothed 0.5: 1.5 / 2.5 of the way from 0 to 1. Speed 0, smoothed 0.25: 1.25 / 2.25 of the rest.
    let expected = [0.6, 0.6 + 0.4 * 1.25 / 2.25];
    assert_close(&smoothed(&settings, &[0.0, 1.0, 1.0], 1.0, 1.0), &expected);
    // The other way it does the same.
    let back: Vec<f64> = expected.iter().map(|value| -value).collect();
    assert_close(&smoothed(&settings, &[0.0, -1.0, -1.0], 1.0, 1.0), &back);
}

#[test]
fn a_face_of_any_size_is_smoothed_alike() {
    let settings = OneEuro { min_cutoff: 0.7, beta: 3.0, speed_cutoff: 1.2 };
    let values = [0.1, 0.3, 0.2, 0.9, 1.5, 1.4];
    let small = smoothed(&settings, &values, 1.0, 1.0 / 30.0);
    let large = smoothed(&settings, &values.map(|value| 250.0 * value), 250.0, 1.0 / 30.0);
    assert_close(&large.iter().map(|value| value / 250.0).collect::<Vec<_>>(), &small);
}

#[test]
fn at_a_constant_speed_it_lags_by_the_time_constant() {
    let settings = OneEuro { min_cutoff: 2.0, beta: 0.0, speed_cutoff: 1.0 };
    let step = 1.0 / 30.0;
    let values: Vec<f64> = (0..300).map(|frame| f64::from(frame) * step).collect();
    let last = smoothed(&settings, &values, 1.0, step)[298];
    let lag = values[299] - last;
    assert!((lag - 1.0 / (TAU * 2.0)).abs() < 1e-9, "{lag}");
}

#[test]
fn it_begins_with_the_mean() {
    let settings = OneEuro { min_cutoff: HALF / 9.0, beta: 0.0, speed_cutoff: HALF };
    // A tenth of the way, but for the first ten numbers.
    let values = [0.0, 3.0, 6.0, 3.0, 8.0, 4.0, 4.0, 4.0, 4.0, 4.0, 14.0, 4.0];
    let found = smoothed(&settings, &values, 1.0, 1.0);
    assert_close(&found[..5], &[1.5, 3.0, 3.0, 4.0, 4.0]);
    assert_close(&found[9..], &[5.0, 4.9]);
}
