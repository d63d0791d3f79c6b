//! `predictions.csv`: what networks say of rows that they never trained on.

use std::collections::HashSet;
use std::fmt::Write;
use std::path::Path;

use keypoints_data::{Coordinate, LabelRegime, Labels, NUM_COORDINATES, Split};

use super::folder::{RunFolder, read_json, write_file};
use crate::error::TrainError;

/// A row and what was predicted for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeldOutRow {
    /// Row of the dataset, counted from 0.
    pub row: usize,
    /// Whose annotations were asked for: the regime of the row's own labels.
    pub regime: LabelRegime,
    /// The answer in pixels, unclipped; `None` where the run knows no such coordinate.
    pub prediction: Labels,
}

/// Rows with what was predicted for them by networks that never trained on them.
///
/// As a file: a header, then a line per row: its number (counted from 1, as in the competition's file), its regime and
/// thirty coordinates, empty where there is no answer. Every number reads back to the same bits.
///
/// ```
/// use keypoints_data::{Keypoint, LabelRegime};
/// use keypoints_train::{HeldOutPredictions, HeldOutRow};
///
/// let prediction = [(Keypoint::NoseTip.x(), 48.1)].into_iter().collect();
/// let row = HeldOutRow { row: 17, regime: LabelRegime::FourPoint, prediction };
/// let folder = tempfile::tempdir()?;
/// let path = folder.path().join("predictions.csv");
/// HeldOutPredictions { rows: vec![row] }.write(&path)?;
/// assert!(std::fs::read_to_string(&path)?.contains("\n18,four_point,"));
/// assert_eq!(HeldOutPredictions::read(&path)?.rows, [row]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HeldOutPredictions {
    /// The rows, in any order, none of them twice.
    pub rows: Vec<HeldOutRow>,
}

impl HeldOutPredictions {
    /// Puts rows, their regimes and their predictions together.
    pub fn of(rows: &[usize], regimes: &[LabelRegime], predictions: &[Labels]) -> Self {
        let one = |((&row, &regime), &prediction)| HeldOutRow { row, regime, prediction };
        Self { rows: rows.iter().zip(regimes).zip(predictions).map(one).collect() }
    }

    /// What a run that has ended says of the rows that it has held out.
    ///
    /// # Errors
    /// [`TrainError::Io`] or [`TrainError::BadRunFile`] with the file, also where it holds a row that the run has not held
    /// out: a network must not be judged by what it was trained on.
    pub fn of_run(folder: &RunFolder) -> Result<Self, TrainError> {
        let split: Split = read_json(&folder.split_path(), "the rows of a run")?;
        let path = folder.predictions_path();
        let predictions = Self::read(&path)?;
        let validation: HashSet<usize> = split.validation.into_iter().collect();
        let train: HashSet<usize> = split.train.into_iter().collect();
        let held_out = |row: usize| validation.contains(&row) && !train.contains(&row);
        match predictions.rows.iter().find(|one| !held_out(one.row)) {
            None => Ok(predictions),
            Some(one) => Err(TrainError::BadRunFile {
                path,
                expected: "rows that the run has held out",
                found: format!("row {} is none", one.row + 1),
            }),
        }
    }

    /// Several parts as one, in the order of the rows.
    pub fn join(parts: impl IntoIterator<Item = Self>) -> Self {
        let mut rows: Vec<HeldOutRow> = parts.into_iter().flat_map(|part| part.rows).collect();
        rows.sort_by_key(|one| one.row);
        Self { rows }
    }

    /// Writes the file; an older one is replaced as a whole or not at all.
    ///
    /// # Errors
    /// [`TrainError::Io`] with the file.
    pub fn write(&self, path: &Path) -> Result<(), TrainError> {
        let mut text = header();
        text.push('\n');
        for HeldOutRow { row, regime, prediction } in &self.rows {
            // Writing to a string cannot fail.
            let _ = write!(text, "{},{}", row + 1, regime.name());
            for value in prediction.values() {
                text.push(',');
                if let Some(value) = value {
                    let _ = write!(text, "{value}");
                }
            }
            text.push('\n');
        }
        write_file(path, text.as_bytes())
    }

    /// Reads such a file.
    ///
    /// # Errors
    /// [`TrainError::Io`] if it cannot be read, [`TrainError::BadRunFile`] with the line and the column where it is not
    /// what [`HeldOutPredictions::write`] writes, or where a row occurs again.
    pub fn read(path: &Path) -> Result<Self, TrainError> {
        let text = std::fs::read_to_string(path).map_err(TrainError::io(path, "read"))?;
        let bad =
            |expected, found| TrainError::BadRunFile { path: path.to_owned(), expected, found };
        let mut lines = text.lines();
        let expected = header();
        if lines.next() != Some(expected.as_str()) {
            return Err(bad(
                "a header of row, regime and thirty coordinates",
                format!("another, {:?}", text.lines().next().unwrap_or_default()),
            ));
        }
        let mut seen = HashSet::new();
        let mut rows = Vec::new();
        for (line, number) in lines.zip(2..) {
            let row = parse(line)
                .map_err(|(expected, found)| bad(expected, format!("line {number}: {found}")))?;
            if !seen.insert(row.row) {
                let found = format!("line {number}: row {} again", row.row + 1);
                return Err(bad("every row once", found));
            }
            rows.push(row);
        }
        Ok(Self { rows })
    }
}

fn header() -> String {
    let names: Vec<String> = Coordinate::all().map(Coordinate::name).collect();
    format!("row,regime,{}", names.join(","))
}

/// A line, or what was expected and what was found.
fn parse(line: &str) -> Result<HeldOutRow, (&'static str, String)> {
    let cells: Vec<&str> = line.split(',').collect();
    let [row, regime, values @ ..] = cells.as_slice() else {
        return Err(("row, regime and thirty coordinates", format!("`{line}`")));
    };
    if values.len() != NUM_COORDINATES {
        return Err(("thirty coordinates", values.len().to_string()));
    }
    let number = row.parse().ok().filter(|&row: &usize| row > 0);
    let row = number.ok_or_else(|| ("the number of a row", format!("`{row}`")))? - 1;
    let regime = LabelRegime::ALL
        .into_iter()
        .find(|one| one.name() == *regime)
        .ok_or_else(|| ("a label regime", format!("`{regime}`")))?;
    let mut prediction = Labels::default();
    for (coordinate, cell) in Coordinate::all().zip(values).filter(|(_, cell)| !cell.is_empty()) {
        let value = cell.parse().ok().filter(|value: &f32| value.is_finite());
        let value = value.ok_or_else(|| ("a number", format!("{coordinate} `{cell}`")))?;
        prediction.set(coordinate, Some(value));
    }
    Ok(HeldOutRow { row, regime, prediction })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_where_a_file_is_wrong() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("predictions.csv");
        let gaps = ",".repeat(29);
        let read = |lines: &str| {
            std::fs::write(&path, format!("{}\n{lines}", header())).unwrap();
            HeldOutPredictions::read(&path).map_err(|error| error.to_string())
        };
        let good = format!("3,full,0.1{gaps}\n");
        assert_eq!(read(&good).unwrap().rows[0].prediction.values()[0], Some(0.1));
        for (lines, text) in [
            (format!("{good}{good}"), "line 3: row 3 again"),
            (format!("0,full,{gaps}"), "the number of a row expected, but line 2: `0`"),
            (format!("1,half,{gaps}"), "a label regime expected, but line 2: `half`"),
            (format!("1,full,x{gaps}"), "a number expected, but line 2: left_eye_center_x `x`"),
            (format!("1,full,NaN{gaps}"), "a number expected, but line 2: left_eye_center_x `NaN`"),
            ("1,full,".to_owned(), "thirty coordinates expected"),
            ("1".to_owned(), "row, regime and thirty coordinates expected"),
        ] {
            let error = read(&lines).unwrap_err();
            assert!(error.contains("predictions.csv") && error.contains(text), "{error}");
        }
        std::fs::write(&path, "row\n").unwrap();
        assert!(HeldOutPredictions::read(&path).unwrap_err().to_string().contains("a header"));
    }
}
