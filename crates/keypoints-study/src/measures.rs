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
    text: fn(&MeanStd) -> String,
}

impl Measure {
    fn new(
        name: &str,
        text: fn(&MeanStd) -> String,
        value: impl Fn(&CellResult) -> Option<f64> + 'static,
    ) -> Self {
        Self { name: name.to_owned(), value: Box::new(value), text }
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
        let of_source = move |source: Option<&String>| score(source.cloned(), clean);
        std::iter::once(None).chain(sources.iter().map(Some)).map(of_source)
    };
    fn count(value: &MeanStd) -> String {
        number(value.mean, 0)
    }
    fn percent(value: &MeanStd, decimals: usize) -> String {
        number(value.mean.map(|mean| 100.0 * mean), decimals)
    }
    fn some(value: usize) -> Option<f64> {
        (value > 0).then_some(value as f64)
    }
    fn nme(cell: &CellResult) -> Option<&NmeReport> {
        Some(&cell.scores.nme).filter(|nme| nme.rows > 0)
    }
    let rest = [
        Measure::new("NME, %", |value| percent(value, 2), |cell| Some(nme(cell)?.mean)),
        Measure::new(
            "failures, %",
            |value| percent(value, 1),
            |cell| Some(nme(cell)?.failure_rate),
        ),
        Measure::new("AUC", |value| number(value.mean, 3), |cell| Some(nme(cell)?.auc)),
        Measure::new("faces", count, |cell| some(cell.scores.faces)),
        Measure::new("networks", count, |cell| some(cell.networks_trained)),
        Measure::new("images seen", count, |cell| some(cell.images)),
        Measure::new(
            "minutes",
            |value| number(value.mean, 1),
            |cell| (cell.seconds > 0.0).then_some(cell.seconds / 60.0),
        ),
    ];
    scores(false).chain(scores(true)).chain(rest).collect()
}

/// The score of all rows or of those of one source, with or without suspicious ones.
fn score(source: Option<String>, clean: bool) -> Measure {
    let name = source.as_ref().map_or(SCORE.to_owned(), |source| source_score(source));
    let name = if clean { clean_name(&name) } else { name };
    let with_std = |value: &MeanStd| value.to_text(3);
    Measure::new(&name, with_std, move |cell| {
        let report = match clean {
            true => cell.scores.without_suspicious()?,
            false => &cell.scores.raw,
        };
        match &source {
            Some(source) => report.source(source),
            None => report.score(),
        }
    })
}

/// The name of a score without suspicious rows.
pub(crate) fn clean_name(score: &str) -> String {
    format!("{score}, without suspicious rows")
}
