use super::*;

#[test]
fn one_cycle_agrees_with_pytorch() {
    // OneCycleLR(optimizer, max_lr=1, total_steps=11, pct_start=.4) peaks at step .4 * 11 - 1 = 3.4,
    // which no step hits; ours rounds the peak to a whole step. The ends agree.
    let schedule = Schedule::OneCycle { rise: 0.4 };
    let factors: Vec<f64> = (0..11).map(|step| schedule.factor(step, 11)).collect();
    assert!((factors[0] - 0.04).abs() < 1e-12);
    assert_eq!(factors[4], 1.0);
    assert!((factors[10] - 4e-6).abs() < 1e-12);
    assert!(factors[..5].is_sorted() && factors[4..].iter().rev().is_sorted());
}

#[test]
fn cosine_climbs_peaks_and_falls() {
    let schedule = Schedule::Cosine { warmup: 0.2 };
    let factors: Vec<f64> = (0..10).map(|step| schedule.factor(step, 10)).collect();
    assert!((factors[0] - 1.0 / 3.0).abs() < 1e-12 && (factors[1] - 2.0 / 3.0).abs() < 1e-12);
    assert_eq!(factors[2], 1.0);
    assert!((factors[6] - 0.5).abs() < 1e-12, "half-way down after 4 of 8 steps");
    assert!(factors[9] > 0.0, "the last step still moves");
}

#[test]
fn stays_in_range_for_odd_lengths() {
    for schedule in [
        Schedule::Constant,
        Schedule::Cosine { warmup: 0.0 },
        Schedule::Cosine { warmup: 0.99 },
        Schedule::OneCycle { rise: 0.0 },
        Schedule::OneCycle { rise: 0.99 },
    ] {
        for total in [0, 1, 2, 3, 7] {
            for step in 0..total + 2 {
                let factor = schedule.factor(step, total);
                assert!((0.0..=1.0).contains(&factor), "{schedule:?} {step}/{total}: {factor}");
            }
        }
    }
}
