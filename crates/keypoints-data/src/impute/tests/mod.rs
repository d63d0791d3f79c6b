mod hidden;
mod wide;

use proptest::prelude::*;

use super::*;
use crate::error::COORDINATE_RANGE;
use keypoints_core::{Coordinate, Labels, Schema, Source, kaggle15};

const NOSE: Coordinate = kaggle15::NOSE_TIP.x();
const LIP: Coordinate = kaggle15::MOUTH_CENTER_BOTTOM_LIP.y();

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

/// What is done with rows of the competition's schema, the label source of each by its number of labels.
fn with_rows<T>(labels: &[Labels], act: impl FnOnce(&Rows<'_>) -> T) -> T {
    let source = |row: &Labels| kaggle15::source_of_count(row.count());
    let sources: Vec<Source> = labels.iter().map(source).collect();
    act(&Rows { schema: &Schema::kaggle15(), side: 96, labels, sources: &sources })
}

fn fit(imputer: impl Imputer, labels: &[Labels]) -> Box<dyn FittedImputer> {
    with_rows(labels, |rows| imputer.fit(rows))
}

fn fill(fitted: &dyn FittedImputer, labels: &[Labels]) -> Vec<Labels> {
    with_rows(labels, |rows| fitted.transform(rows))
}

/// Fits on some rows and fills others.
fn filled(imputer: impl Imputer, train: &[Labels], labels: &[Labels]) -> Vec<Labels> {
    fill(&*fit(imputer, train), labels)
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
    let below = filled(ForwardFill {}, &[], &table);
    assert_eq!(column(&below, NOSE), [None, Some(1.0), Some(1.0), Some(1.0), Some(2.0)]);
    assert_eq!(column(&below, LIP), [None, None, Some(7.0), Some(7.0), Some(7.0)]);
    assert!(below.iter().all(|row| row.count() <= 2));
    // What was fitted does not fill the first row.
    assert_eq!(filled(ForwardFill {}, &table[1..], &table), below);
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
    let mean = filled(ColumnMean {}, &train, &table);
    assert_eq!(column(&mean, NOSE), [Some(31.0), Some(50.0), Some(31.0)]);
    assert_eq!(column(&mean, LIP), [Some(25.25), Some(25.25), Some(60.0)]);
    let median = filled(ColumnMedian {}, &train, &table);
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
        filled(imputer, &train, &rows(&[(Some(50.0), None)]))[0].get(LIP)
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
    assert_eq!(filled(imputer, &train, &lonely), lonely);
    assert_eq!(filled(imputer, &[], &lonely), lonely);
}

#[test]
fn linear_fit_follows_a_line_and_stays_on_the_picture() {
    // The lip lies 10 + nose / 2, up to one row that only LinearFit's fitted rows may know.
    let line: Vec<_> = (0..40).map(|x| (Some(x as f32), Some(10.0 + x as f32 / 2.0))).collect();
    let line = rows(&line);
    let ridge = |ridge: f64| LinearFit { ridge, ..LinearFit::default() };
    let table = rows(&[(Some(7.0), None), (Some(96.0), None), (None, None)]);
    let on_line = filled(ridge(0.0), &line, &table);
    let near = |value: Option<f32>, expected: f32| (value.unwrap() - expected).abs() < 1e-3;
    assert!(near(on_line[0].get(LIP), 13.5) && near(on_line[1].get(LIP), 58.0), "{on_line:?}");
    // Nothing known: the mean.
    assert!(near(on_line[2].get(LIP), 19.75) && near(on_line[2].get(NOSE), 19.5), "{on_line:?}");

    let steep: Vec<_> = (0..20).map(|x| (Some(x as f32), Some(4.0 * x as f32))).collect();
    let on_edge = filled(LinearFit::default(), &rows(&steep), &rows(&[(Some(96.0), None)]));
    assert_eq!(on_edge[0].get(LIP), Some(96.0));
    // A huge ridge, an infinite one and none at all are all numbers in the end.
    let table = rows(&[(Some(7.0), None)]);
    for price in [1e30, f64::INFINITY] {
        let mean = filled(ridge(price), &line, &table);
        assert!(near(mean[0].get(LIP), 19.75), "{price}: {mean:?}");
    }
    assert!(near(filled(ridge(f64::NAN), &line, &table)[0].get(LIP), 13.5));
}

#[test]
fn linear_fit_can_take_four_point_rows_for_shifted() {
    // Full faces drawn along a line; the four-point source puts the nose 6 further.
    let face = |step: i32| {
        let place = |one: Coordinate| (one, one.index() as f32 + step as f32);
        Coordinate::all(15).map(place).collect::<Labels>()
    };
    let mut train: Vec<Labels> = (0..20).map(face).collect();
    let four_point = |step: i32| {
        let seen = face(step).get(NOSE).map(|x| (NOSE, x + 6.0));
        Labels::from_iter(seen)
    };
    train.extend((0..20).map(four_point));
    let lip = |align_sources: bool| {
        let imputer = LinearFit { ridge: 0.0, align_sources };
        filled(imputer, &train, &[four_point(4)])[0].get(LIP).unwrap()
    };
    assert!((lip(true) - 33.0).abs() < 1e-3, "{}", lip(true));
    assert!((lip(false) - 39.0).abs() < 1e-3, "{}", lip(false));
    // Rows of the full source are filled alike either way.
    let mut full = face(4);
    full.set(LIP, None);
    let full = [full];
    let fill = |align_sources: bool| {
        filled(LinearFit { align_sources, ..LinearFit::default() }, &train, &full)
    };
    assert_eq!(fill(true), fill(false));
}

#[test]
fn linear_fit_copes_with_columns_that_say_the_same() {
    let (left, right) = (kaggle15::LEFT_EYE_CENTER.y(), kaggle15::RIGHT_EYE_CENTER.y());
    let face = |y: f32| Labels::from_iter([(left, y), (right, y), (LIP, 2.0 * y)]);
    let train: Vec<Labels> = (10..40).map(|y| face(y as f32)).collect();
    let imputer = LinearFit { ridge: 0.0, ..LinearFit::default() };
    let row = filled(imputer, &train, &[Labels::from_iter([(left, 20.0), (right, 20.0)])]);
    assert!((row[0].get(LIP).unwrap() - 40.0).abs() < 1e-2, "{row:?}");
}

#[test]
fn without_rows_there_is_nothing_to_learn_and_nothing_to_fill() {
    let table = rows(&[(None, None), (Some(3.0), None)]);
    for imputer in all() {
        let name = imputer.name();
        assert_eq!(filled(imputer.clone(), &table, &[]), [], "{name}");
        assert_eq!(filled(imputer, &[], &table), table, "{name}");
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
    // Settings of before label sources had names.
    let old = r#"{ "imputer": "linear_fit", "align_regimes": true }"#;
    let imputer = LinearFit { align_sources: true, ..LinearFit::default() };
    assert_eq!(
        serde_json::from_str::<ImputerConfig>(old).unwrap(),
        ImputerConfig::LinearFit(imputer)
    );
    assert_eq!(ImputerConfig::by_name("magic"), None);
    assert_eq!(ImputerConfig::default().name(), "forward_fill");
}

/// Rows of small whole numbers, so that distances are exact and ties are common.
fn table(rows: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Labels>> {
    // Patterns repeat, as they do in the file.
    let patterns = prop::collection::vec(0u32..1 << 30, 1..4);
    let complete = Just((1u32 << 30) - 1);
    (patterns, complete).prop_flat_map(move |(mut patterns, complete)| {
        patterns.push(complete);
        let values = prop::array::uniform30(0u8..6);
        let row = (prop::sample::select(patterns), values).prop_map(|(pattern, values)| {
            let value =
                |index: usize| (pattern >> index & 1 == 1).then(|| f32::from(values[index]));
            Labels::new((0..30).map(value).collect())
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
    let mut filled = row.clone();
    for one in Coordinate::all(15).filter(|&one| row.get(one).is_none()) {
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
        prop_assert_eq!(filled(imputer, &train, &rows), expected);
    }

    #[test]
    fn labels_that_are_there_stay_and_the_rest_is_on_the_picture(
        train in table(0..40), rows in table(0..40),
    ) {
        for imputer in all() {
            let fitted = fit(imputer.clone(), &train);
            let filled = fill(&*fitted, &rows);
            prop_assert_eq!(filled.len(), rows.len());
            for (filled, row) in filled.iter().zip(&rows) {
                for one in Coordinate::all(15) {
                    match row.get(one) {
                        Some(value) => prop_assert_eq!(filled.get(one), Some(value)),
                        None => prop_assert!(
                            filled.get(one).is_none_or(|value| COORDINATE_RANGE.contains(&value)),
                            "{}: {filled:?}", imputer.name()
                        ),
                    }
                }
            }
            prop_assert_eq!(fill(&*fitted, &rows), filled, "{}: twice is not the same", imputer.name());
        }
    }

    /// But for forward fill, which is about neighbours in the file, a row is filled alike in any company: so what
    /// fills it comes from the fitted rows alone.
    #[test]
    fn rows_to_fill_do_not_learn_from_each_other(train in table(0..40), rows in table(0..20)) {
        for imputer in all().filter(|imputer| imputer.name() != "forward_fill") {
            let fitted = fit(imputer.clone(), &train);
            let alone: Vec<Labels> =
                rows.iter().flat_map(|row| fill(&*fitted, std::slice::from_ref(row))).collect();
            prop_assert_eq!(fill(&*fitted, &rows), alone, "{}", imputer.name());
        }
    }
}
