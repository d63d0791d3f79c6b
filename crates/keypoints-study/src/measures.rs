//! What is measured in every cell: the columns of the one table.

use keypoints_core::NmeReport;

use crate::mean::{MeanStd, number};
use crate::scores::{SCORE, source_score};
use crate::study::CellResult;

/// How a cell is measured.
type Value = dyn Fn(&CellResult) -> Option<f64>;

/// A number that is measured in every cell.
pub(crate) struct Measure {
    /// Its name with the unit.
    pub(crate) name: String,
    value: Box<Value>,
    text: Box<dyn Fn(&MeanStd) -> String>,
}

impl Measure {
    /// The score of all rows or of those of one source, with or without suspicious ones.
    fn score(source: Option<&String>, clean: bool) -> Self {
        let name = source.map_or(SCORE.to_owned(), |source| source_score(source));
        let name = if clean { clean_name(&name) } else { name };
        let source = source.cloned();
        let value = move |cell: &CellResult| {
            let report = match clean {
                true => cell.scores.without_suspicious()?,
                false => &cell.scores.raw,
            };
            match &source {
                Some(source) => report.source(source),
                None => report.score(),
            }
        };
        Self { name, value: Box::new(value), text: Box::new(|value| value.to_text(3)) }
    }

    /// A number of which the table shows the mean, times a factor, with so many decimals.
    fn mean(
        name: &str,
        factor: f64,
        decimals: usize,
        value: fn(&CellResult) -> Option<f64>,
    ) -> Self {
        let text = move |value: &MeanStd| number(value.mean.map(|mean| factor * mean), decimals);
        Self { name: name.to_owned(), value: Box::new(value), text: Box::new(text) }
    }

    /// Measures cells that have scores.
    pub(crate) fn of(&self, cells: &[&CellResult]) -> MeanStd {
        MeanStd::of(&cells.iter().filter_map(|cell| (self.value)(cell)).collect::<Vec<_>>())
    }

    /// Returns a value as the table shows it.
    pub(crate) fn text(&self, value: &MeanStd) -> String {
        (self.text)(value)
    }
}

/// Returns all measures, in the order of the columns, for label sources of these names. The first one ranks.
pub(crate) fn measures(sources: &[String]) -> Vec<Measure> {
    let scores = |clean: bool| {
        let of = std::iter::once(None).chain(sources.iter().map(Some));
        of.map(move |source| Measure::score(source, clean))
    };
    fn some(value: usize) -> Option<f64> {
        (value > 0).then_some(value as f64)
    }
    fn nme(cell: &CellResult) -> Option<&NmeReport> {
        Some(&cell.scores.nme).filter(|nme| nme.rows > 0)
    }
    fn minutes(cell: &CellResult) -> Option<f64> {
        (cell.seconds > 0.0).then_some(cell.seconds / 60.0)
    }
    let rest = [
        Measure::mean("NME, %", 100.0, 2, |cell| Some(nme(cell)?.mean)),
        Measure::mean("failures, %", 100.0, 1, |cell| Some(nme(cell)?.failure_rate)),
        Measure::mean("AUC", 1.0, 3, |cell| Some(nme(cell)?.auc)),
        Measure::mean("faces", 1.0, 0, |cell| some(cell.scores.faces)),
        Measure::mean("networks", 1.0, 0, |cell| some(cell.networks_trained)),
        Measure::mean("images seen", 1.0, 0, |cell| some(cell.images)),
        Measure::mean("minutes", 1.0, 1, minutes),
    ];
    scores(false).chain(scores(true)).chain(rest).collect()
}

/// The name of a score without suspicious rows.
pub(crate) fn clean_name(score: &str) -> String {
    format!("{score}, without suspicious rows")
}
