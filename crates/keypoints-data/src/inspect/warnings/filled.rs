//! Gaps that somebody filled in.

use std::collections::HashMap;

use keypoints_core::{Coordinate, Labels, Schema};

use super::{LabelFault, LabelWarning};

/// A value that stands so often where the next most frequent one stands once was not measured.
const ABOVE_THE_NEXT: usize = 4;
/// From so many equal labels on a value counts as frequent, if they are this share of the column, or
const FEW: usize = 3;
const SHARE: f64 = 0.02;
/// so many.
const MANY: usize = 8;
/// From this share of different values on a column is measured so finely that two neighbours are equal by chance in no row.
const FINE: f64 = 0.8;
/// Labels equal to the row above in the whole dataset, from which on there is a warning.
const EQUAL_LABELS: usize = 3;

/// Columns with one frequent value, and columns that repeat the row above.
///
/// `same` says whether two rows show the same picture: then equal labels are no wonder.
pub(super) fn warnings(
    schema: &Schema,
    rows: &[Labels],
    same: impl Fn(usize, usize) -> bool,
) -> Vec<LabelWarning> {
    let mut constant = Vec::new();
    let mut repeated = Vec::new();
    let mut values = Vec::new();
    for coordinate in schema.coordinates() {
        if let Some((value, labels)) = frequent_value(rows, coordinate) {
            values.push(value);
            constant.push((coordinate, labels));
        } else if let Some(labels) = equal_to_the_row_above(rows, coordinate, &same) {
            repeated.push((coordinate, labels));
        }
    }
    let mut warnings = Vec::new();
    if !constant.is_empty() {
        let same = values.iter().all(|value| *value == values[0]);
        let value = if same { format!("the value is {}; ", values[0]) } else { String::new() };
        let detail = format!("{value}leave unknown labels blank");
        let fault = LabelFault::FilledWithOneValue;
        warnings.push(LabelWarning::of_columns(fault, schema, constant, detail));
    }
    if repeated.iter().map(|(_, labels)| labels).sum::<usize>() >= EQUAL_LABELS {
        let detail = "leave unknown labels blank".to_owned();
        let fault = LabelFault::FilledFromNeighbours;
        warnings.push(LabelWarning::of_columns(fault, schema, repeated, detail));
    }
    warnings
}

/// The value of a column that is far more frequent than all others, and how often it is there.
fn frequent_value(rows: &[Labels], coordinate: Coordinate) -> Option<(f32, usize)> {
    let mut counts: HashMap<u32, usize> = HashMap::new();
    let mut labels = 0;
    for value in rows.iter().filter_map(|labels| labels.get(coordinate)) {
        // −0 and 0 are one value.
        *counts.entry((value + 0.0).to_bits()).or_default() += 1;
        labels += 1;
    }
    let (&value, &most) = counts.iter().max_by_key(|(value, count)| (**count, **value))?;
    let others = counts.iter().filter(|(one, _)| **one != value);
    let next = others.map(|(_, count)| *count).max().unwrap_or(0);
    let is_frequent = most >= MANY || (most >= FEW && most as f64 >= SHARE * labels as f64);
    // A column of one value alone is no measurement either.
    (is_frequent && most >= ABOVE_THE_NEXT * next).then_some((f32::from_bits(value), most))
}

/// How many labels of a finely measured column are equal to the row above, which shows another picture.
fn equal_to_the_row_above(
    rows: &[Labels],
    coordinate: Coordinate,
    same: &impl Fn(usize, usize) -> bool,
) -> Option<usize> {
    let value = |row: usize| rows[row].get(coordinate);
    let is_equal = |row: &usize| {
        let equal = value(*row).is_some() && value(*row) == value(*row - 1);
        equal && !same(*row, *row - 1)
    };
    let equal = (1..rows.len()).filter(is_equal).count();
    if equal == 0 {
        return None;
    }
    let mut different: Vec<u32> = (0..rows.len()).filter_map(value).map(f32::to_bits).collect();
    let measured = different.len() - equal;
    different.sort_unstable();
    different.dedup();
    (different.len() as f64 >= FINE * measured as f64).then_some(equal)
}
