use proptest::prelude::*;

use super::*;
use crate::kaggle15::{FOUR_POINT, FULL};
use crate::labels::Labels;
use crate::picture::{PictureShape, Pictures};
use crate::schema::{Schema, Source};

const SHAPE: PictureShape = PictureShape::grey(8);

fn empty() -> Dataset {
    Dataset::new(Schema::kaggle15(), Pictures::empty(SHAPE), vec![], vec![]).unwrap()
}

/// Rows given as (picture, source); equal pictures get equal pixels.
fn dataset(rows: &[(u8, Source)]) -> Dataset {
    let pixels = rows.iter().flat_map(|(picture, _)| vec![*picture; SHAPE.bytes()]).collect();
    let sources = rows.iter().map(|(_, source)| *source).collect();
    let pictures = Pictures::new(SHAPE, pixels).unwrap();
    let labels = vec![Labels::default(); rows.len()];
    Dataset::new(Schema::kaggle15(), pictures, labels, sources).unwrap()
}

fn singles(full: u8, four: u8) -> Dataset {
    let rows: Vec<_> = (0..full)
        .map(|picture| (picture, FULL))
        .chain((full..full + four).map(|picture| (picture, FOUR_POINT)))
        .collect();
    dataset(&rows)
}

fn count(dataset: &Dataset, rows: &[usize], source: Source) -> usize {
    rows.iter().filter(|&&row| dataset.sources()[row] == source).count()
}

/// What must hold for any split of any data.
fn assert_sound(dataset: &Dataset, split: &Split) {
    assert!(split.train.is_sorted() && split.validation.is_sorted());
    assert!(!split.train.is_empty() && !split.validation.is_empty());
    let mut all = [split.train.clone(), split.validation.clone()].concat();
    all.sort_unstable();
    assert!(all.into_iter().eq(0..dataset.len()), "every row exactly once");

    let groups = picture_groups(dataset.pictures());
    let validation: std::collections::HashSet<u32> =
        split.validation.iter().map(|&row| groups[row]).collect();
    assert!(split.train.iter().all(|&row| !validation.contains(&groups[row])), "a picture was cut");
}

fn rows() -> impl Strategy<Value = Vec<(u8, Source)>> {
    let source = prop_oneof![Just(FULL), Just(FOUR_POINT)];
    prop::collection::vec((0u8..60, source), 1..90)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn folds_are_sound_and_cover_every_row_once(rows in rows(), folds in 2usize..9, seed: u64) {
        let dataset = dataset(&rows);
        let pictures = picture_groups(dataset.pictures()).into_iter().max().unwrap() as usize + 1;
        match k_fold(&dataset, folds, seed) {
            Ok(splits) => {
                prop_assert_eq!(splits.len(), folds);
                let mut seen = vec![0; dataset.len()];
                for split in &splits {
                    assert_sound(&dataset, split);
                    split.validation.iter().for_each(|&row| seen[row] += 1);
                }
                prop_assert!(seen.iter().all(|&times| times == 1));
                prop_assert_eq!(&splits, &k_fold(&dataset, folds, seed).unwrap());
            }
            Err(error) => {
                prop_assert!(pictures < folds, "{}", error);
                let is_too_few = matches!(error, SplitError::TooFewPictures { needed, .. } if needed == folds);
                prop_assert!(is_too_few, "{}", error);
            }
        }
    }

    #[test]
    fn held_out_rows_are_sound(rows in rows(), fraction in 0.001f64..0.999, seed: u64) {
        let dataset = dataset(&rows);
        match hold_out(&dataset, fraction, seed) {
            Ok(split) => assert_sound(&dataset, &split),
            Err(error) => prop_assert_eq!(error, SplitError::TooFewPictures { needed: 2, found: 1 }),
        }
    }

    #[test]
    fn single_rows_are_shared_out_evenly(full in 20u8..100, four in 20u8..100, folds in 2usize..7, seed: u64) {
        let dataset = singles(full, four);
        for split in k_fold(&dataset, folds, seed).unwrap() {
            for (source, total) in [(FULL, full), (FOUR_POINT, four)] {
                let found = count(&dataset, &split.validation, source);
                let fair = usize::from(total) / folds;
                prop_assert!(found == fair || found == fair + 1, "{} of {}", found, total);
            }
        }
    }
}

#[test]
fn a_fifth_is_held_out_of_each_source() {
    let dataset = singles(50, 100);
    let split = hold_out(&dataset, 0.2, 7).unwrap();
    assert_eq!(count(&dataset, &split.validation, FULL), 10);
    assert_eq!(count(&dataset, &split.validation, FOUR_POINT), 20);
    assert_ne!(split, hold_out(&dataset, 0.2, 8).unwrap(), "the seed matters");
}

#[test]
fn a_picture_with_both_sources_stays_whole() {
    let dataset = dataset(&[(0, FULL), (0, FOUR_POINT), (1, FULL), (1, FOUR_POINT), (1, FULL)]);
    for split in k_fold(&dataset, 2, 3).unwrap() {
        assert_sound(&dataset, &split);
    }
}

#[test]
fn impossible_splits_say_why() {
    let data = singles(3, 3);
    let nan = hold_out(&data, f64::NAN, 0).unwrap_err();
    assert!(matches!(nan, SplitError::FractionOutOfRange { fraction } if fraction.is_nan()));
    for fraction in [0.0, 1.0, -0.5, 2.0] {
        let error = hold_out(&data, fraction, 0).unwrap_err();
        assert_eq!(error, SplitError::FractionOutOfRange { fraction });
    }
    assert_eq!(k_fold(&data, 1, 0), Err(SplitError::TooFewFolds { folds: 1 }));
    let too_many = SplitError::TooFewPictures { needed: usize::MAX, found: 6 };
    assert_eq!(k_fold(&data, usize::MAX, 0), Err(too_many));
    assert_eq!(hold_out(&empty(), 0.2, 0), Err(SplitError::Empty));
    assert_eq!(k_fold(&empty(), 5, 0), Err(SplitError::Empty));
}
