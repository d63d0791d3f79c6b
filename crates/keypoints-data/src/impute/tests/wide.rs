//! Schemas of more coordinates than fit into one word of bits.

use std::ops::Range;

use proptest::prelude::*;

use crate::impute::*;
use keypoints_core::{Coordinate, Labels, Schema, Source};

const POINTS: usize = 40;
const WIDTH: usize = 2 * POINTS;
/// Coordinates above this lie beyond the picture.
const SIDE: usize = 20;

/// Forty points, labelled by two sources.
fn schema() -> Schema {
    let names: Vec<String> = (0..POINTS).map(|point| format!(r#""p{point}""#)).collect();
    let text = format!(
        r#"{{ "name": "wide", "keypoints": [{}], "sources": [{{ "name": "a" }}, {{ "name": "b" }}] }}"#,
        names.join(",")
    );
    serde_json::from_str(&text).unwrap()
}

/// Labels and sources of some rows.
type Table = (Vec<Labels>, Vec<Source>);

fn with_rows<T>(table: &Table, act: impl FnOnce(&Rows<'_>) -> T) -> T {
    act(&Rows { schema: &schema(), side: SIDE, labels: &table.0, sources: &table.1 })
}

fn filled(imputer: impl Imputer, train: &Table, table: &Table) -> Vec<Labels> {
    let fitted = with_rows(train, |rows| imputer.fit(rows));
    with_rows(table, |rows| fitted.transform(rows))
}

/// Patterns of which some have many coordinates, some few, and some lack a single one on either side of bit 64.
fn pattern() -> impl Strategy<Value = u128> {
    const ALL: u128 = (1 << WIDTH) - 1;
    let many = any::<[u128; 2]>().prop_map(|[a, b]| (a | b) & ALL);
    let few = any::<[u128; 4]>().prop_map(|[a, b, c, d]| a & b & c & d & ALL);
    let but_one = prop::sample::select(vec![0, 31, 32, 63, 64, 79]).prop_map(|bit| ALL ^ 1 << bit);
    prop_oneof![3 => many, 2 => few, 2 => but_one, 1 => Just(ALL)]
}

/// Rows of small whole numbers, so that distances are exact and ties are common.
fn table(patterns: Vec<u128>, rows: Range<usize>) -> impl Strategy<Value = Table> {
    let values = prop::collection::vec(0..=SIDE as u8, WIDTH);
    let source = (0u8..2).prop_map(Source::new);
    let row = (prop::sample::select(patterns), values, source);
    let row = row.prop_map(|(pattern, values, source)| {
        let value = |index: usize| (pattern >> index & 1 == 1).then(|| f32::from(values[index]));
        (Labels::new((0..WIDTH).map(value).collect()), source)
    });
    prop::collection::vec(row, rows).prop_map(|rows| rows.into_iter().unzip())
}

/// Rows to learn from and rows to fill, of the same few patterns.
fn tables() -> impl Strategy<Value = (Table, Table)> {
    prop::collection::vec(pattern(), 1..6).prop_flat_map(|mut patterns| {
        patterns.push((1 << WIDTH) - 1);
        (table(patterns.clone(), 0..200), table(patterns, 0..8))
    })
}

/// The row with its gaps filled by a function of the coordinate.
fn fill(row: &Labels, value: impl Fn(Coordinate) -> Option<f32>) -> Labels {
    let mut filled = row.clone();
    for one in Coordinate::all(POINTS).filter(|&one| row.get(one).is_none()) {
        filled.set(one, value(one));
    }
    filled
}

fn mean(values: impl Iterator<Item = f64>) -> Option<f64> {
    let values: Vec<f64> = values.collect();
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

/// [`ColumnMean`] as its documentation tells it.
fn slow_mean(train: &Table, row: &Labels) -> Labels {
    fill(row, |one| {
        Some(mean(train.0.iter().filter_map(|other| other.get(one)).map(f64::from))? as f32)
    })
}

/// [`NearestRows`] as its documentation tells it, with exact fractions.
fn slow_nearest(imputer: NearestRows, train: &Table, row: &Labels) -> Labels {
    let distance = |other: &Labels| {
        let pairs = row.present().filter_map(|(one, value)| Some(value - other.get(one)?));
        let squares: Vec<u64> = pairs.map(|off| (off * off) as u64).collect();
        (squares.iter().sum::<u64>(), squares.len() as u64)
    };
    let mut ranked: Vec<_> = train.0.iter().map(|other| (distance(other), other)).collect();
    ranked.retain(|((_, shared), _)| *shared >= imputer.min_shared as u64);
    ranked.sort_by(|(a, _), (b, _)| (a.0 * b.1).cmp(&(b.0 * a.1)));
    fill(row, |one| {
        let near = ranked.iter().filter_map(|(_, other)| other.get(one));
        Some(mean(near.take(imputer.neighbours).map(f64::from))? as f32)
    })
}

/// [`LinearFit`] as its documentation tells it, by elimination in the full matrix, function by function.
fn slow_linear(imputer: LinearFit, train: &Table, row: &Labels, source: Source) -> Labels {
    let (inputs, values): (Vec<Coordinate>, Vec<f64>) =
        row.present().map(|(one, value)| (one, f64::from(value))).unzip();
    let numbers = |other: &Labels, wanted: &[Coordinate]| -> Option<Vec<f64>> {
        wanted.iter().map(|&one| other.get(one).map(f64::from)).collect()
    };
    let means = |rows: &[Vec<f64>]| -> Vec<f64> {
        (0..rows[0].len()).filter_map(|at| mean(rows.iter().map(|row| row[at]))).collect()
    };
    let own = train.0.iter().zip(&train.1).filter(|(_, from)| **from == source);
    let own: Vec<Vec<f64>> = own.filter_map(|(other, _)| numbers(other, &inputs)).collect();
    let aligned = imputer.align_sources && source != Source::default() && !own.is_empty();
    fill(row, |gap| {
        let columns = [&inputs[..], &[gap]].concat();
        let rows: Vec<Vec<f64>> =
            train.0.iter().filter_map(|other| numbers(other, &columns)).collect();
        if rows.is_empty() {
            return None;
        }
        let middle = means(&rows);
        let size = inputs.len();
        let off = |row: &[f64], at: usize| row[at] - middle[at];
        let moment =
            |a: usize, b: usize| -> f64 { rows.iter().map(|row| off(row, a) * off(row, b)).sum() };
        let mut system: Vec<Vec<f64>> =
            (0..size).map(|a| (0..=size).map(|b| moment(a, b)).collect()).collect();
        (0..size).for_each(|at| system[at][at] += imputer.ridge);
        let slopes = eliminate(system);
        let origin = if aligned { means(&own) } else { middle.clone() };
        let terms = (0..size).map(|at| slopes[at] * (values[at] - origin[at]));
        Some((middle[size] + terms.sum::<f64>()).clamp(0.0, SIDE as f64) as f32)
    })
}

/// Solves a system of equations, the right side in the last column, by Gauss and Jordan.
fn eliminate(mut system: Vec<Vec<f64>>) -> Vec<f64> {
    for at in 0..system.len() {
        let size = |line: &usize| system[*line][at].abs();
        let pivot = (at..system.len()).max_by(|a, b| size(a).total_cmp(&size(b))).unwrap();
        system.swap(at, pivot);
        let head = system[at].clone();
        for (line, row) in system.iter_mut().enumerate() {
            let factor = row[at] / head[at];
            if line != at {
                row.iter_mut().zip(&head).for_each(|(value, above)| *value -= factor * above);
            }
        }
    }
    system.iter().enumerate().map(|(at, line)| line[line.len() - 1] / line[at]).collect()
}

/// The largest difference; infinite where one has a gap and the other has none.
fn difference(a: &Labels, b: &Labels) -> f32 {
    let both = Coordinate::all(POINTS).map(|one| match (a.get(one), b.get(one)) {
        (Some(a), Some(b)) => (a - b).abs(),
        (None, None) => 0.0,
        _ => f32::INFINITY,
    });
    both.fold(0.0, f32::max)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..Default::default() })]

    #[test]
    fn columns_have_the_mean_that_a_slow_one_finds((train, rows) in tables()) {
        let expected: Vec<Labels> = rows.0.iter().map(|row| slow_mean(&train, row)).collect();
        prop_assert_eq!(filled(ColumnMean {}, &train, &rows), expected);
    }

    #[test]
    fn nearest_rows_are_those_that_a_slow_search_finds(
        (train, rows) in tables(), neighbours in 1usize..8, min_shared in 1usize..30,
    ) {
        let imputer = NearestRows { neighbours, min_shared };
        let expected: Vec<Labels> =
            rows.0.iter().map(|row| slow_nearest(imputer, &train, row)).collect();
        prop_assert_eq!(filled(imputer, &train, &rows), expected);
    }

    #[test]
    fn linear_fit_is_the_one_that_a_slow_regression_finds(
        (train, rows) in tables(), ridge in 1.0..50.0, align_sources: bool,
    ) {
        let imputer = LinearFit { ridge, align_sources };
        let filled = filled(imputer, &train, &rows);
        for ((row, &source), filled) in rows.0.iter().zip(&rows.1).zip(&filled) {
            let expected = slow_linear(imputer, &train, row, source);
            prop_assert!(difference(filled, &expected) < 1e-3, "{:?} for {:?}", filled, expected);
        }
    }
}
