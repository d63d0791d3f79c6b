//! Tests of the search.

use burn::tensor::Device;
use keypoints_core::Crop;

use super::{Candidate, covered, overlap, propose, suppress};
use crate::networks::Proposer;
use crate::planes::{Octaves, Plane};

#[test]
fn of_overlapping_candidates_the_likeliest_stays() {
    let at = |x: f64, logit: f32| Candidate { crop: Crop::upright([x, 0.0], 10.0), logit };
    let all = vec![at(1.0, 1.0), at(0.0, 3.0), at(20.0, 2.0), at(6.0, 0.5)];
    let kept = suppress(all, |one, other| overlap(one, other) > 0.4);
    let logits: Vec<f32> = kept.iter().map(|one| one.logit).collect();
    assert_eq!(logits, [3.0, 2.0, 0.5]);
    assert!(suppress(Vec::new(), |_, _| true).is_empty());
}

#[test]
fn windows_cover_the_picture_at_every_size() {
    let device = Device::flex();
    let plane = Plane::new(60, &[128; 60 * 40]).expect("whole rows");
    let octaves = Octaves::new(plane, super::SHORTEST);
    // Below every logit: all windows.
    let all = propose(&Proposer::new(&device), &octaves, f32::MIN, &device).expect("the CPU works");
    let sides: std::collections::BTreeSet<u64> =
        all.iter().map(|(window, _)| window.side.round() as u64).collect();
    assert_eq!(sides.into_iter().collect::<Vec<_>>(), [24, 34, 48]);
    let finest = all.iter().filter(|(window, _)| window.side == 24.0);
    let (columns, rows): (Vec<f64>, Vec<f64>) =
        finest.map(|(window, _)| (window.centre[0], window.centre[1])).unzip();
    let ends = |all: &[f64]| {
        all.iter()
            .copied()
            .fold([f64::MAX, f64::MIN], |[low, high], one| [low.min(one), high.max(one)])
    };
    // From edge to edge, four pixels apart.
    assert_eq!((ends(&columns), ends(&rows)), ([0.0, 56.0], [0.0, 36.0]));
}

#[test]
fn a_square_within_another_is_covered_whole() {
    let large = Crop::upright([10.0, 10.0], 20.0);
    let within = Crop::upright([6.0, 12.0], 5.0);
    assert!((covered(&large, &within) - 1.0).abs() < 1e-9);
    assert!((covered(&within, &large) - 1.0).abs() < 1e-9);
    assert_eq!(covered(&large, &Crop::upright([40.0, 10.0], 20.0)), 0.0);
    let half = Crop::upright([20.0, 10.0], 20.0);
    assert!(
        (covered(&large, &half) - 0.5).abs() < 1e-9
            && (overlap(&large, &half) - 1.0 / 3.0).abs() < 1e-9
    );
}
