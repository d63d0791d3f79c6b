//! What is measured in every cell: the columns of the one table.

use std::rc::Rc;

use keypoints_core::ErrorReport;

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

/// Where a report has a score.
type Score = Rc<dyn Fn(&ErrorReport) -> Option<f64>>;

/// Returns all measures, in the order of the columns, for label sources of these names. The first one ranks.
pub(crate) fn measures(sources: &[String]) -> Vec<Measure> {
    fn with_std(value: &MeanStd) -> String {
        value.to_text(3)
    }
    fn count(value: &MeanStd) -> String {
        number(value.mean, 0)
    }
    fn percent(value: &MeanStd) -> String {
        number(value.mean.map(|mean| 100.0 * mean), 1)
    }
    fn some(value: usize) -> Option<f64> {
        (value > 0).then_some(value as f64)
    }
    let mut scores: Vec<(String, Score)> = vec![(SCORE.to_owned(), Rc::new(ErrorReport::score))];
    scores.extend(sources.iter().map(|source| {
        let name = source_score(source);
        let source = source.clone();
        (name, Rc::new(move |report: &ErrorReport| report.source(&source)) as Score)
    }));
    let raw = scores
        .clone()
        .into_iter()
        .map(|(name, score)| Measure::new(&name, with_std, move |cell| score(&cell.scores.raw)));
    let clean = scores.into_iter().map(|(name, score)| {
        Measure::new(&clean_name(&name), with_std, move |cell| {
            (cell.scores.suspicious > 0).then(|| score(&cell.scores.clean)).flatten()
        })
    });
    let rest = [
        Measure::new(
            "NME, %",
            |value| number(value.mean.map(|mean| 100.0 * mean), 2),
            |cell| some(cell.scores.nme.rows).map(|_| cell.scores.nme.mean),
        ),
        Measure::new("failures, %", percent, |cell| {
            some(cell.scores.nme.rows).map(|_| cell.scores.nme.failure_rate)
        }),
        Measure::new(
            "AUC",
            |value| number(value.mean, 3),
            |cell| some(cell.scores.nme.rows).map(|_| cell.scores.nme.auc),
        ),
        Measure::new("faces", count, |cell| some(cell.scores.faces)),
        Measure::new("networks", count, |cell| some(cell.networks_trained)),
        Measure::new("images seen", count, |cell| some(cell.images)),
        Measure::new(
            "minutes",
            |value| number(value.mean, 1),
            |cell| (cell.seconds > 0.0).then_some(cell.seconds / 60.0),
        ),
    ];
    raw.chain(clean).chain(rest).collect()
}

/// The name of a score without suspicious rows.
pub(crate) fn clean_name(score: &str) -> String {
    format!("{score}, without suspicious rows")
}
