mod hidden;

use proptest::prelude::*;

use super::*;
use crate::keypoint::{COORDINATE_RANGE, Coordinate, Keypoint, NUM_COORDINATES};

const NOSE: Coordinate = Keypoint::NoseTip.x();
const LIP: Coordinate = Keypoint::MouthCenterBottomLip.y();

/// Rows that have a nose tip, a lip, both or neither.
fn rows(values: &[(Option<f32>, Option<f32>)]) -> Vec<Labels> {
    let row = |&(nose, lip): &(Option<f32>, Option<f32>)| {
        let mut labels = Labels::default();
        labels.set(NOSE, nose);
        labels.set(LIP, lip);
        labels
    };
    values.iter().map(row).collect()
}

fn column(labels: &[Labels], coordinate: Coordinate) -> Vec<Option<f32>> {
    labels.iter().map(|row| row.get(coordinate)).collect()
}

fn all() -> impl Iterator<Item = ImputerConfig> {
    ImputerConfig::NAMES.iter().filter_map(|name| ImputerConfig::by_name(name))
}

#[test]
fn forward_fill_takes_the_row_above_and_leaves_what_has_none() {
    let table = rows(&[
        (None, None),
        (Some(1.0), None),
        (None, Some(7.0)),
        (None, None),
        (Some(2.0), None),
    ]);
    let filled = ForwardFill {}.fit(&[]).transform(&table);
    assert_eq!(column(&filled, NOSE), [None, Some(1.0), Some(1.0), Some(1.0), Some(2.0)]);
    assert_eq!(column(&filled, LIP), [None, None, Some(7.0), Some(7.0), Some(7.0)]);
    assert!(filled.iter().all(|row| row.count() <= 2));
    // What was fitted does not fill the first row.
    assert_eq!(ForwardFill {}.fit(&table[1..]).transform(&table), filled);
}

#[test]
fn mean_and_median_are_those_of_the_fitted_rows() {
    let train = rows(&[
        (Some(1.0), Some(4.0)),
        (None, Some(6.0)),
        (Some(2.0), Some(1.0)),
        (Some(90.0), Some(90.0)),
    ]);
    // Rows to fill bring values of their own; they must not count.
    let table = rows(&[(None, None), (Some(50.0), None), (None, Some(60.0))]);
    let mean = ColumnMean {}.fit(&train).transform(&table);
    assert_eq!(column(&mean, NOSE), [Some(31.0), Some(50.0), Some(31.0)]);
    assert_eq!(column(&mean, LIP), [Some(25.25), Some(25.25), Some(60.0)]);
    let median = ColumnMedian {}.fit(&train).transform(&table);
    assert_eq!(column(&median, NOSE), [Some(2.0), Some(50.0), Some(2.0)]);
    assert_eq!(column(&median, LIP), [Some(5.0), Some(5.0), Some(60.0)]);
    assert!(mean.iter().chain(&median).all(|row| row.count() == 2));
}

#[test]
fn nearest_rows_breaks_ties_by_order_and_skips_rows_without_the_coordinate() {
    let train = rows(&[
        (Some(50.0), None),
        (Some(52.0), Some(10.0)),
        (Some(48.0), Some(20.0)),
        (Some(90.0), Some(30.0)),
        (None, Some(77.0)),
    ]);
    let lip = |neighbours: usize| {
        let imputer = NearestRows { neighbours, min_shared: 1 };
        imputer.fit(&train).transform(&rows(&[(Some(50.0), None)]))[0].get(LIP)
    };
    assert_eq!(lip(1), Some(10.0));
    assert_eq!(lip(0), lip(1));
    assert_eq!(lip(2), Some(15.0));
    assert_eq!(lip(3), Some(20.0));
    // The row without a nose tip cannot be compared, however many are asked for.
    assert_eq!(lip(usize::MAX), Some(20.0));
}

#[test]
fn nearest_rows_needs_enough_shared_coordinates() {
    let train = rows(&[(Some(50.0), Some(10.0))]);
    let lonely = rows(&[(Some(50.0), None)]);
    let imputer = NearestRows { min_shared: 2, ..NearestRows::default() };
    assert_eq!(imputer.fit(&train).transform(&lonely), lonely);
    assert_eq!(imputer.fit(&[]).transform(&lonely), lonely);
}

#[test]
fn linear_fit_follows_a_line_and_stays_on_the_picture() {
    // The lip lies 10 + nose / 2, up to one row that only LinearFit's fitted rows may know.
    let line: Vec<_> = (0..40).map(|x| (Some(x as f32), Some(10.0 + x as f32 / 2.0))).collect();
    let fitted = LinearFit { ridge: 0.0, ..LinearFit::default() }.fit(&rows(&line));
    let filled = fitted.transform(&rows(&[(Some(7.0), None), (Some(96.0), None), (None, None)]));
    let near = |value: Option<f32>, expected: f32| (value.unwrap() - expected).abs() < 1e-3;
    assert!(near(filled[0].get(LIP), 13.5) && near(filled[1].get(LIP), 58.0), "{filled:?}");
    // Nothing known: the mean.
    assert!(near(filled[2].get(LIP), 19.75) && near(filled[2].get(NOSE), 19.5), "{filled:?}");

    let steep: Vec<_> = (0..20).map(|x| (Some(x as f32), Some(4.0 * x as f32))).collect();
    let filled = LinearFit::default().fit(&rows(&steep)).transform(&rows(&[(Some(96.0), None)]));
    assert_eq!(filled[0].get(LIP), Some(96.0));
    // A huge ridge, an infinite one and none at all are all numbers in the end.
    for ridge in [1e30, f64::INFINITY] {
        let filled = LinearFit { ridge, ..LinearFit::default() }
            .fit(&rows(&line))
            .transform(&rows(&[(Some(7.0), None)]));
        assert!(near(filled[0].get(LIP), 19.75), "{ridge}: {filled:?}");
    }
    let filled = LinearFit { ridge: f64::NAN, ..LinearFit::default() }.fit(&rows(&line));
    assert!(near(filled.transform(&rows(&[(Some(7.0), None)]))[0].get(LIP), 13.5));
}

#[test]
fn linear_fit_can_take_four_point_rows_for_shifted() {
    // Full faces drawn along a line; four-point annotators put the nose 6 further.
    let face = |step: i32| {
        let place = |one: Coordinate| (one, one.index() as f32 + step as f32);
        Coordinate::all().map(place).collect::<Labels>()
    };
    let mut train: Vec<Labels> = (0..20).map(face).collect();
    let four_point = |step: i32| {
        let seen = face(step).get(NOSE).map(|x| (NOSE, x + 6.0));
        Labels::from_iter(seen)
    };
    train.extend((0..20).map(four_point));
    let lip = |align_regimes: bool| {
        let imputer = LinearFit { ridge: 0.0, align_regimes };
        imputer.fit(&train).transform(&[four_point(4)])[0].get(LIP).unwrap()
    };
    assert!((lip(true) - 33.0).abs() < 1e-3, "{}", lip(true));
    assert!((lip(false) - 39.0).abs() < 1e-3, "{}", lip(false));
    // Rows of the full regime are filled alike either way.
    let mut full = face(4);
    full.set(LIP, None);
    let fill = |align_regimes: bool| {
        LinearFit { align_regimes, ..LinearFit::default() }.fit(&train).transform(&[full])
    };
    assert_eq!(fill(true), fill(false));
}

#[test]
fn linear_fit_copes_with_columns_that_say_the_same() {
    let (left, right) = (Keypoint::LeftEyeCenter.y(), Keypoint::RightEyeCenter.y());
    let face = |y: f32| Labels::from_iter([(left, y), (right, y), (LIP, 2.0 * y)]);
    let train: Vec<Labels> = (10..40).map(|y| face(y as f32)).collect();
    let filled = LinearFit { ridge: 0.0, ..LinearFit::default() }
        .fit(&train)
        .transform(&[Labels::from_iter([(left, 20.0), (right, 20.0)])]);
    assert!((filled[0].get(LIP).unwrap() - 40.0).abs() < 1e-2, "{filled:?}");
}

#[test]
fn without_rows_there_is_nothing_to_learn_and_nothing_to_fill() {
    let table = rows(&[(None, None), (Some(3.0), None)]);
    for imputer in all() {
        assert_eq!(imputer.fit(&table).transform(&[]), [], "{}", imputer.name());
        assert_eq!(imputer.fit(&[]).transform(&table), table, "{}", imputer.name());
    }
}

#[test]
fn names_and_settings_read_back() {
    for imputer in all() {
        let json = serde_json::to_string(&imputer).unwrap();
        assert_eq!(serde_json::from_str::<ImputerConfig>(&json).unwrap(), imputer, "{json}");
        let bare = format!(r#"{{ "imputer": "{}" }}"#, imputer.name());
        assert_eq!(serde_json::from_str::<ImputerConfig>(&bare).unwrap(), imputer);
        let odd = format!(r#"{{ "imputer": "{}", "neighbors": 3 }}"#, imputer.name());
        let error = serde_json::from_str::<ImputerConfig>(&odd).unwrap_err().to_string();
        assert!(error.contains("neighbors"), "{error}");
    }
    assert_eq!(ImputerConfig::by_name("magic"), None);
    assert_eq!(ImputerConfig::default().name(), "forward_fill");
}

/// Rows of small whole numbers, so that distances are exact and ties are common.
fn table(rows: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Labels>> {
    // Patterns repeat, as they do in the file.
    let patterns = prop::collection::vec(0u32..1 << NUM_COORDINATES, 1..4);
    let complete = Just((1u32 << NUM_COORDINATES) - 1);
    (patterns, complete).prop_flat_map(move |(mut patterns, complete)| {
        patterns.push(complete);
        let values = prop::array::uniform30(0u8..6);
        let row = (prop::sample::select(patterns), values).prop_map(|(pattern, values)| {
            let value =
                |index: usize| (pattern >> index & 1 == 1).then(|| f32::from(values[index]));
            Labels::new(std::array::from_fn(value))
        });
        prop::collection::vec(row, rows.clone())
    })
}

/// [`NearestRows`] as its documentation tells it, with exact fractions.
fn slow_nearest(imputer: &NearestRows, train: &[Labels], row: &Labels) -> Labels {
    let mut ranked: Vec<(u64, u64, &Labels)> = train
        .iter()
        .filter_map(|other| {
            let pairs = row.present().filter_map(|(one, value)| Some((value, other.get(one)?)));
            let offs: Vec<u64> = pairs.map(|(a, b)| ((a - b) * (a - b)) as u64).collect();
            let is_near = offs.len() >= imputer.min_shared;
            is_near.then(|| (offs.iter().sum(), offs.len() as u64, other))
        })
        .collect();
    ranked.sort_by(|a, b| (a.0 * b.1).cmp(&(b.0 * a.1)));
    let mut filled = *row;
    for one in Coordinate::all().filter(|&one| row.get(one).is_none()) {
        let near = ranked.iter().filter_map(|(_, _, other)| other.get(one));
        let near: Vec<f64> = near.take(imputer.neighbours).map(f64::from).collect();
        let mean = near.iter().sum::<f64>() / near.len() as f64;
        filled.set(one, (!near.is_empty()).then_some(mean as f32));
    }
    filled
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..Default::default() })]

    #[test]
    fn nearest_rows_are_the_nearest(
        train in table(0..300), rows in table(0..12), neighbours in 1usize..8, min_shared in 1usize..9,
    ) {
        let imputer = NearestRows { neighbours, min_shared };
        let expected: Vec<Labels> =
            rows.iter().map(|row| slow_nearest(&imputer, &train, row)).collect();
        prop_assert_eq!(imputer.fit(&train).transform(&rows), expected);
    }

    #[test]
    fn labels_that_are_there_stay_and_the_rest_is_on_the_picture(
        train in table(0..40), rows in table(0..40),
    ) {
        for imputer in all() {
            let fitted = imputer.fit(&train);
            let filled = fitted.transform(&rows);
            prop_assert_eq!(filled.len(), rows.len());
            for (filled, row) in filled.iter().zip(&rows) {
                for one in Coordinate::all() {
                    match row.get(one) {
                        Some(value) => prop_assert_eq!(filled.get(one), Some(value)),
                        None => prop_assert!(
                            filled.get(one).is_none_or(|value| COORDINATE_RANGE.contains(&value)),
                            "{}: {filled:?}", imputer.name()
                        ),
                    }
                }
            }
            prop_assert_eq!(fitted.transform(&rows), filled, "{}: twice is not the same", imputer.name());
        }
    }

    /// But for forward fill, which is about neighbours in the file, a row is filled alike in any company: so what
    /// fills it comes from the fitted rows alone.
    #[test]
    fn rows_to_fill_do_not_learn_from_each_other(train in table(0..40), rows in table(0..20)) {
        for imputer in all().filter(|imputer| imputer.name() != "forward_fill") {
            let fitted = imputer.fit(&train);
            let alone: Vec<Labels> =
                rows.iter().flat_map(|&row| fitted.transform(&[row])).collect();
            prop_assert_eq!(fitted.transform(&rows), alone, "{}", imputer.name());
        }
    }
}
