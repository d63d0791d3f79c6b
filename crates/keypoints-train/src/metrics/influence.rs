//! What each face has to say in a score, and how far to trust the score.

use keypoints_data::{LabelRegime, Labels, Tally};

use super::report::{TEST_SHARE_FULL, weighted_mse};

/// What each face has to say in the [weighted RMSE](super::ErrorReport::weighted_rmse): by how many pixels it would rise if the face were in
/// the file once more. Below 0 for faces that are better than the others. `None` where there is no such score.
///
/// Together they are 0, and the root of the sum of their squares is the [`standard_error`] of the score: how far it would lie elsewhere for other
/// faces of the same kind. The differences between two networks' influences on the same faces likewise tell how far to trust the
/// difference between their scores, which is often decided by one face or two.
///
/// Source: the infinitesimal jackknife (Jaeckel, 1972; Efron, 1982), each face with all its labels at once. Copies of a picture count as
/// faces of their own, so that the error is a little larger than it says where there are many.
///
/// ```
/// use keypoints_data::{Keypoint, Labels};
/// use keypoints_train::metrics::{influences, standard_error};
///
/// let four = |x: f32| -> Labels { Keypoint::FOUR_POINT.iter().map(|one| (one.x(), x)).collect() };
/// let full = |x: f32| -> Labels { Keypoint::ALL.iter().map(|one| (one.x(), x)).collect() };
/// let truth = [full(50.0), full(50.0), four(50.0), four(50.0)];
/// let guess = [full(51.0), full(51.0), four(51.0), four(61.0)];
/// let found = influences(&truth, &guess).ok_or("both regimes are there")?;
/// assert!(found[3] > 1.0 && found[0] == 0.0);
/// assert!(standard_error(&found) > found[3]);
/// # Ok::<(), &str>(())
/// ```
pub fn influences(truth: &[Labels], predictions: &[Labels]) -> Option<Vec<f64>> {
    let faces: Vec<(LabelRegime, Tally)> = truth
        .iter()
        .zip(predictions)
        .map(|(truth, prediction)| (truth.regime(), Tally::of_face(truth, prediction)))
        .collect();
    let sum = |regime: LabelRegime| -> Tally {
        faces.iter().filter(|(of, _)| *of == regime).map(|&(_, own)| own).sum()
    };
    let (full, four_point) = (sum(LabelRegime::Full), sum(LabelRegime::FourPoint));
    let usual = [full.mse()?, four_point.mse()?];
    // Of nothing wrong there is nothing to say.
    let root = weighted_mse(usual[0], usual[1]).sqrt().max(f64::MIN_POSITIVE);
    let of_face = |&(regime, own): &(LabelRegime, Tally)| {
        let (share, usual, all) = match regime {
            LabelRegime::Full => (TEST_SHARE_FULL, usual[0], full),
            LabelRegime::FourPoint => (1.0 - TEST_SHARE_FULL, usual[1], four_point),
        };
        let slope = share / (2.0 * root * all.labels as f64);
        slope * (own.squared - own.labels as f64 * usual)
    };
    Some(faces.iter().map(of_face).collect())
}

/// The standard error of a score, or of a difference between scores, in which the faces have so much to say: the root of the sum of squares.
pub fn standard_error(influences: &[f64]) -> f64 {
    influences.iter().map(|one| one * one).sum::<f64>().sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::ErrorReport;
    use keypoints_data::{Coordinate, Keypoint};
    use rand::{RngExt, SeedableRng};
    use rand_chacha::ChaCha8Rng;

    /// So many faces of both regimes, and answers that are off by chance, some of them by much.
    fn faces(count: usize, seed: u64) -> (Vec<Labels>, Vec<Labels>) {
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut face = |number: usize| {
            let four = !number.is_multiple_of(3);
            let wide = if random.random::<f64>() < 0.05 { 12.0 } else { 1.0 };
            let marked = |one: &Coordinate| !four || Keypoint::FOUR_POINT.contains(&one.keypoint);
            let truth: Labels = Coordinate::all().filter(marked).map(|one| (one, 50.0)).collect();
            let mut off = || 50.0 + wide * (random.random::<f32>() * 4.0 - 2.0);
            let guess: Labels = Coordinate::all().map(|one| (one, off())).collect();
            (truth, guess)
        };
        (0..count).map(&mut face).unzip()
    }

    fn score(truth: &[Labels], guess: &[Labels]) -> f64 {
        ErrorReport::compare(truth, guess).weighted_rmse.unwrap()
    }

    #[test]
    fn one_face_more_moves_the_score_by_its_influence() {
        let (mut truth, mut guess) = faces(3000, 1);
        let found = influences(&truth, &guess).unwrap();
        assert!(found.iter().sum::<f64>().abs() < 1e-9);
        let before = score(&truth, &guess);
        let worst = (0..3000).max_by(|&a, &b| found[a].total_cmp(&found[b])).unwrap();
        for face in [0, 1, worst] {
            truth.push(truth[face]);
            guess.push(guess[face]);
            let moved = score(&truth, &guess) - before;
            assert!((moved - found[face]).abs() < 0.02 * found[worst], "{moved} {}", found[face]);
            truth.pop();
            guess.pop();
        }
    }

    #[test]
    fn other_faces_give_other_scores_and_as_far_as_it_says() {
        let (truth, guess) = faces(600, 0);
        let said = standard_error(&influences(&truth, &guess).unwrap());
        let scores: Vec<f64> = (1..=200)
            .map(|seed| faces(600, seed))
            .map(|(truth, guess)| score(&truth, &guess))
            .collect();
        let mean = scores.iter().sum::<f64>() / 200.0;
        let deviation = (scores.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / 199.0).sqrt();
        assert!((0.7..1.4).contains(&(said / deviation)), "{said} and {deviation}");
    }

    #[test]
    fn of_nothing_there_is_nothing_to_say() {
        let four: Labels = [(Keypoint::NoseTip.x(), 50.0)].into_iter().collect();
        assert_eq!(influences(&[four], &[four]), None);
        let full: Labels = Coordinate::all().map(|one| (one, 50.0)).collect();
        assert_eq!(influences(&[four, full], &[four, full]), Some(vec![0.0, 0.0]));
    }
}
