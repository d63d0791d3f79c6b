//! Weights with the lowest squared error.

use std::collections::BTreeMap;

use keypoints_data::{Coordinate, LabelRegime, Labels};

use super::weights::Weights;

/// Fewer labels than this are not worth fitting weights to.
const ENOUGH: usize = 30;

/// A row: what it is labelled, and what each member says of it.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) truth: Labels,
    pub(super) answers: Vec<Labels>,
}

/// Fits weights per regime and coordinate; where labels are few, none.
pub(super) fn fit(rows: &[&Row], members: usize, ridge: f64, non_negative: bool) -> Weights {
    let mut weights = Weights::default();
    for regime in LabelRegime::ALL {
        let of_regime = rows.iter().filter(|row| row.truth.regime() == regime);
        let of_regime: Vec<&Row> = of_regime.copied().collect();
        let fitted = Coordinate::all().filter_map(|coordinate| {
            let (products, labels) = error_products(&of_regime, coordinate, members);
            let enough = labels >= ENOUGH.max(2 * members);
            enough.then(|| (coordinate, lowest(&shrunk(products, ridge), non_negative)))
        });
        let fitted: BTreeMap<_, _> = fitted.collect();
        if !fitted.is_empty() {
            weights.0.insert(regime, fitted);
        }
    }
    weights
}

/// Mean products of the members' errors, and over how many labels.
fn error_products(rows: &[&Row], coordinate: Coordinate, members: usize) -> (Vec<Vec<f64>>, usize) {
    let mut products = vec![vec![0.0; members]; members];
    let mut labels = 0;
    for row in rows {
        let Some(label) = row.truth.get(coordinate) else { continue };
        let errors: Option<Vec<f64>> = row
            .answers
            .iter()
            .map(|answer| Some(f64::from(answer.get(coordinate)?) - f64::from(label)))
            .collect();
        let Some(errors) = errors.filter(|all| all.iter().all(|error| error.is_finite())) else {
            continue;
        };
        labels += 1;
        for (line, a) in products.iter_mut().zip(&errors) {
            for (cell, b) in line.iter_mut().zip(&errors) {
                *cell += a * b;
            }
        }
    }
    let count = labels.max(1) as f64;
    products.iter_mut().flatten().for_each(|cell| *cell /= count);
    (products, labels)
}

/// Adds a share of the mean squared error to every member's: as weights add up to 1, this pulls them together.
fn shrunk(mut products: Vec<Vec<f64>>, ridge: f64) -> Vec<Vec<f64>> {
    let members = products.len();
    let mean = (0..members).map(|one| products[one][one]).sum::<f64>() / members as f64;
    for (one, line) in products.iter_mut().enumerate() {
        line[one] += ridge * mean;
    }
    products
}

/// The weights `w` that add up to 1 and make `w · P · w` lowest, for products `P` of errors.
///
/// As the weights add up to 1, the error of the combination is the combination of the errors, so this is its mean
/// square. Found by moving weight between the two members that gain most by it, until nobody gains.
fn lowest(products: &[Vec<f64>], non_negative: bool) -> Vec<f64> {
    let members = products.len();
    let mut weights = vec![1.0 / members as f64; members];
    for _ in 0..10_000 {
        let slope = |one: usize| -> f64 {
            products[one].iter().zip(&weights).map(|(product, weight)| product * weight).sum()
        };
        let slopes: Vec<f64> = (0..members).map(slope).collect();
        let may_give = |&one: &usize| !non_negative || weights[one] > 0.0;
        let taker = (0..members).min_by(|&a, &b| slopes[a].total_cmp(&slopes[b]));
        let giver = (0..members).filter(may_give).max_by(|&a, &b| slopes[a].total_cmp(&slopes[b]));
        let (Some(taker), Some(giver)) = (taker, giver) else { break };
        let gain = slopes[giver] - slopes[taker];
        if gain <= 1e-9 * slopes[giver].abs() {
            break;
        }
        let curve = products[taker][taker] + products[giver][giver] - 2.0 * products[taker][giver];
        if curve <= 0.0 {
            break;
        }
        let moved = gain / curve;
        let moved = if non_negative { moved.min(weights[giver]) } else { moved };
        weights[taker] += moved;
        weights[giver] -= moved;
    }
    weights
}

#[cfg(test)]
mod tests {
    use super::*;
    use keypoints_data::Keypoint;
    use proptest::prelude::*;

    fn square(products: &[Vec<f64>], weights: &[f64]) -> f64 {
        let line = |line: &Vec<f64>| line.iter().zip(weights).map(|(a, b)| a * b).sum::<f64>();
        products.iter().zip(weights).map(|(one, weight)| weight * line(one)).sum()
    }

    #[test]
    fn independent_errors_are_weighed_by_their_inverse_square() {
        let products = [vec![1.0, 0.0, 0.0], vec![0.0, 2.0, 0.0], vec![0.0, 0.0, 4.0]];
        let found = lowest(&products, true);
        for (found, expected) in found.iter().zip([4.0 / 7.0, 2.0 / 7.0, 1.0 / 7.0]) {
            assert!((found - expected).abs() < 1e-6, "{found} is not {expected}");
        }
    }

    #[test]
    fn a_member_that_adds_nothing_counts_for_nothing_or_less() {
        // The second errs as the first does, and twice as much.
        let products = [vec![1.0, 2.0], vec![2.0, 4.5]];
        assert_eq!(lowest(&products, true), [1.0, 0.0]);
        let free = lowest(&products, false);
        assert!(free[1] < -0.5 && (free[0] + free[1] - 1.0).abs() < 1e-12, "{free:?}");
        assert!(square(&products, &free) < 1.0);
    }

    proptest! {
        #[test]
        fn no_other_weights_do_better(
            errors in prop::collection::vec(prop::collection::vec(-5.0f64..5.0, 3), 4..20),
            other in prop::collection::vec(0.01f64..1.0, 3),
        ) {
            let product = |a: usize, b: usize| errors.iter().map(|row| row[a] * row[b]).sum::<f64>();
            let products: Vec<Vec<f64>> =
                (0..3).map(|a| (0..3).map(|b| product(a, b)).collect()).collect();
            let products = shrunk(products, 0.01);
            let total: f64 = other.iter().sum();
            let other: Vec<f64> = other.iter().map(|weight| weight / total).collect();
            for non_negative in [true, false] {
                let found = lowest(&products, non_negative);
                prop_assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-9);
                prop_assert!(!non_negative || found.iter().all(|&weight| weight >= 0.0));
                let (ours, theirs) = (square(&products, &found), square(&products, &other));
                prop_assert!(ours <= theirs * (1.0 + 1e-6), "{found:?} {ours}, {other:?} {theirs}");
            }
        }
    }

    #[test]
    fn each_regime_learns_whom_to_trust() {
        let row = |full: bool, index: usize| {
            let off = if index.is_multiple_of(2) { 3.0 } else { -3.0 };
            let all = Coordinate::all();
            let four = |one: &Coordinate| Keypoint::FOUR_POINT.contains(&one.keypoint);
            let truth: Labels =
                all.filter(|one| full || four(one)).map(|one| (one, 50.0)).collect();
            let says = |off: f32| Coordinate::all().map(|one| (one, 50.0 + off)).collect();
            // The first is right about full faces, the second about the others.
            let answers =
                if full { vec![says(0.1), says(off)] } else { vec![says(off), says(0.1)] };
            Row { truth, answers }
        };
        let rows: Vec<Row> = (0..80).map(|index| row(index < 40, index)).collect();
        let weights = fit(&rows.iter().collect::<Vec<_>>(), 2, 0.0, true);
        let nose = Keypoint::NoseTip.x();
        assert!(weights.of(LabelRegime::Full, nose).unwrap()[0] > 0.95);
        assert!(weights.of(LabelRegime::FourPoint, nose).unwrap()[0] < 0.05);
        // Nobody labels the eyebrows of four-point faces: what full faces teach holds.
        let brow = Keypoint::LeftEyebrowInnerEnd.x();
        assert!(weights.of(LabelRegime::FourPoint, brow).unwrap()[0] > 0.95);
        let few = fit(&rows.iter().take(10).collect::<Vec<_>>(), 2, 0.0, true);
        assert_eq!(few, Weights::default());
    }
}
