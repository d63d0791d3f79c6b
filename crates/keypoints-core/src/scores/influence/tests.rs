use super::*;
use crate::kaggle15::{FOUR_POINT, FULL, NOSE_TIP};
use crate::keypoint::Coordinate;
use crate::scores::ErrorReport;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

struct Rows {
    sources: Vec<Source>,
    truth: Vec<Labels>,
    guess: Vec<Labels>,
}

impl Rows {
    /// So many rows of both sources, and predictions with random errors, some of them large.
    fn drawn(count: usize, seed: u64) -> Self {
        let schema = Schema::kaggle15();
        let mut random = ChaCha8Rng::seed_from_u64(seed);
        let mut rows = Self { sources: vec![], truth: vec![], guess: vec![] };
        for number in 0..count {
            let source = if number.is_multiple_of(3) { FULL } else { FOUR_POINT };
            let wide = if random.random::<f64>() < 0.05 { 12.0 } else { 1.0 };
            let marked = |one: &Coordinate| schema.source(source).marks(one.keypoint);
            let mut off = || 50.0 + wide * (random.random::<f32>() * 4.0 - 2.0);
            rows.truth.push(schema.coordinates().filter(marked).map(|one| (one, 50.0)).collect());
            rows.guess.push(schema.coordinates().map(|one| (one, off())).collect());
            rows.sources.push(source);
        }
        rows
    }

    fn score(&self) -> f64 {
        let Self { sources, truth, guess } = self;
        ErrorReport::compare(&Schema::kaggle15(), sources, truth, guess).weighted_rmse.unwrap()
    }

    fn influences(&self) -> Vec<f64> {
        influences(&Schema::kaggle15(), &self.sources, &self.truth, &self.guess).unwrap()
    }
}

#[test]
fn one_row_more_moves_the_score_by_its_influence() {
    let mut rows = Rows::drawn(3000, 1);
    let found = rows.influences();
    assert!(found.iter().sum::<f64>().abs() < 1e-9);
    let before = rows.score();
    let worst = (0..3000).max_by(|&a, &b| found[a].total_cmp(&found[b])).unwrap();
    for row in [0, 1, worst] {
        rows.sources.push(rows.sources[row]);
        rows.truth.push(rows.truth[row].clone());
        rows.guess.push(rows.guess[row].clone());
        let moved = rows.score() - before;
        assert!((moved - found[row]).abs() < 0.02 * found[worst], "{moved} {}", found[row]);
        rows.sources.pop();
        rows.truth.pop();
        rows.guess.pop();
    }
}

#[test]
fn other_rows_move_the_score_by_its_standard_error() {
    let error = standard_error(&Rows::drawn(600, 0).influences());
    let scores: Vec<f64> = (1..=200).map(|seed| Rows::drawn(600, seed).score()).collect();
    let mean = scores.iter().sum::<f64>() / 200.0;
    let deviation = (scores.iter().map(|one| (one - mean).powi(2)).sum::<f64>() / 199.0).sqrt();
    assert!((0.7..1.4).contains(&(error / deviation)), "{error} and {deviation}");
}

#[test]
fn without_weighted_score_there_are_no_influences() {
    let schema = Schema::kaggle15();
    let nose: Labels = [(NOSE_TIP.x(), 50.0)].into_iter().collect();
    let one = std::slice::from_ref(&nose);
    assert_eq!(influences(&schema, &[FOUR_POINT], one, one), None);
    let both = [nose.clone(), nose];
    let found = influences(&schema, &[FOUR_POINT, FULL], &both, &both);
    assert_eq!(found, Some(vec![0.0, 0.0]));
}
