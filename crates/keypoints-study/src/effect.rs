//! What a change brings, against the reference on the same folds with the same seeds.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::mean::{MeanStd, number};
use crate::scores::Influence;
use crate::study::{CellResult, State};
use crate::text::distinct;

/// The difference that a change makes, cell by cell: the change's score minus the reference's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// The name of the change.
    pub name: String,
    /// Difference of the score, in pixels.
    pub raw: MeanStd,
    /// The same without suspicious rows.
    pub clean: MeanStd,
    /// Standard error of that difference over the held-out faces, in pixels: how far other faces of the same kind would move it,
    /// with the same trained networks. `None` where a score has no influences.
    pub raw_error: Option<f64>,
    /// The same without suspicious rows.
    pub clean_error: Option<f64>,
    /// The face with the largest influence on the difference without suspicious rows.
    pub most_influential: Option<Influence>,
    /// Seconds of training and validation, as a multiple of the reference's.
    pub seconds: Option<f64>,
}

/// A pair of finished cells: of a change and of the reference.
type Pair<'a> = (&'a CellResult, &'a CellResult);

/// Returns the effects of all changes that share a finished fold and seed with the reference.
pub(crate) fn effects(results: &[&CellResult], reference: &str) -> Vec<Effect> {
    let finished = || results.iter().copied().filter(|one| one.state == State::Finished);
    let base = |of: &CellResult| {
        finished().find(|one| one.name == reference && (one.fold, one.seed) == (of.fold, of.seed))
    };
    let compared = results.iter().filter(|one| one.name != reference && base(one).is_some());
    let names = distinct(compared.map(|one| one.name.as_str()));
    let effect = |name: &str| {
        let of_name = finished().filter(|one| one.name == name);
        let pairs: Vec<Pair<'_>> = of_name.filter_map(|one| Some((one, base(one)?))).collect();
        effect(name, &pairs)
    };
    names.into_iter().map(effect).collect()
}

fn effect(name: &str, pairs: &[Pair<'_>]) -> Effect {
    let difference = |score: &dyn Fn(&CellResult) -> Option<f64>| {
        let all = pairs.iter().filter_map(|(one, base)| Some(score(one)? - score(base)?));
        MeanStd::of(&all.collect::<Vec<_>>())
    };
    let seconds = |of: &dyn Fn(&Pair<'_>) -> f64| pairs.iter().map(of).sum::<f64>();
    let ratio = seconds(&|pair| pair.0.seconds) / seconds(&|pair| pair.1.seconds);
    let suspicious = pairs.iter().any(|(one, _)| one.scores.suspicious > 0);
    let found = influences(pairs);
    let most = found.iter().max_by(|a, b| a.clean.abs().total_cmp(&b.clean.abs()));
    Effect {
        name: name.to_owned(),
        raw: difference(&|one| one.scores.raw.score()),
        clean: difference(&|one| one.scores.without_suspicious()?.score()),
        raw_error: Influence::error(&found, |one| one.raw),
        clean_error: Influence::error(&found, |one| one.clean).filter(|_| suspicious),
        most_influential: most.copied(),
        seconds: Some(ratio).filter(|ratio| ratio.is_finite()),
    }
}

/// The influence of every face on the mean difference of these pairs; none where they are not about the same faces.
fn influences(pairs: &[Pair<'_>]) -> Vec<Influence> {
    let mut of_rows: BTreeMap<usize, Influence> = BTreeMap::new();
    for (one, base) in pairs {
        let [one, base] = [one, base].map(|cell| &cell.scores.influences);
        let same = one.iter().map(|one| one.row).eq(base.iter().map(|one| one.row));
        if one.is_empty() || !same {
            return Vec::new();
        }
        for (one, base) in one.iter().zip(base) {
            // A face of several pairs, trained from several seeds, counts once.
            let empty = Influence { row: one.row, ..Influence::default() };
            let mean = of_rows.entry(one.row).or_insert(empty);
            mean.raw += (one.raw - base.raw) / pairs.len() as f64;
            mean.clean += (one.clean - base.clean) / pairs.len() as f64;
        }
    }
    of_rows.into_values().collect()
}

impl Effect {
    /// The columns of a table of effects: names and units.
    pub(crate) const COLUMNS: [&str; 8] = [
        "change",
        "difference, px",
        "± over faces",
        "without suspicious rows, px",
        "± over faces",
        "most influential row",
        "time",
        "pairs",
    ];

    /// What the columns mean.
    pub const NOTE: &str = "Difference to the reference on the same folds with the same seeds, mean ± standard deviation over them; \
below 0 is better. \"± over faces\" is the standard error over the held-out faces: a difference below twice of it may be chance, and \
another seed moves a score as well. The most influential row moves the difference without suspicious rows most, by the number in brackets.";

    /// Returns a row of the table.
    pub(crate) fn cells(&self) -> Vec<String> {
        let signed = |of: &MeanStd| match of.mean {
            Some(mean) if mean >= 0.0 => format!("+{}", of.to_text(3)),
            _ => of.to_text(3),
        };
        vec![
            self.name.clone(),
            signed(&self.raw),
            number(self.raw_error, 3),
            signed(&self.clean),
            number(self.clean_error, 3),
            self.most_influential.map(|one| one.to_string()).unwrap_or_default(),
            self.seconds.map(|ratio| format!("×{ratio:.2}")).unwrap_or_default(),
            self.raw.values.len().to_string(),
        ]
    }
}

#[cfg(test)]
mod tests;
