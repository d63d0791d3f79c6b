//! One change to a recipe, and what it brings.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::cell::{CellResult, Influence};
use super::summary::Spread;
use crate::config::TrainConfig;
use crate::error::TrainError;
use crate::markdown::{number, table};
use crate::metrics::standard_error;
use crate::sweep::{Parameters, assign};

/// The label of the cells that an [`Idea`]'s cells are compared with.
pub(super) const BASE: &str = "base";

/// A recipe with something changed, under a name.
///
/// ```
/// use keypoints_train::study::StudyConfig;
///
/// let config: StudyConfig = serde_json::from_str(
///     r#"{ "ideas": [{ "name": "small batches", "set": { "batch_size": 8 } }], "seeds": [1] }"#,
/// )?;
/// let cells = config.cells()?;
/// assert_eq!([cells[0].strategy.as_str(), cells[1].strategy.as_str()], ["base", "small batches"]);
/// assert_eq!([cells[0].config.batch_size, cells[1].config.batch_size], [32, 8]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Idea {
    /// What it is called in tables, and its folder: letters, digits, spaces and `-_.,+`.
    pub name: String,
    /// Dotted paths into the config's JSON and their values, as in a [sweep](crate::sweep).
    pub set: Parameters,
}

impl Idea {
    /// The base with the idea in it.
    pub(super) fn config(&self, base: &TrainConfig) -> Result<TrainConfig, TrainError> {
        let invalid =
            |expected, found| Err(TrainError::InvalidConfig { field: "ideas", expected, found });
        let fits = |one: char| one.is_ascii_alphanumeric() || " -_.,+".contains(one);
        let name = &self.name;
        if name.is_empty() || name.starts_with('.') || !name.chars().all(fits) || name == BASE {
            let expected = "named in letters, digits, spaces and -_.,+, and not `base`";
            return invalid(expected, format!("`{name}`"));
        }
        match assign(base, &self.set) {
            Ok(config) => Ok(config),
            Err(error) => invalid("changes that the base takes", format!("`{name}`: {error}")),
        }
    }
}

/// What an idea changes, against the base on the same folds with the same seeds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Effect {
    /// Its name.
    pub idea: String,
    /// Weighted RMSE, in pixels: the idea's minus the base's, cell by cell.
    pub weighted: Spread,
    /// The same without suspicious rows.
    pub weighted_clean: Spread,
    /// Standard error of that difference over the held-out faces, in pixels: how far it would lie elsewhere for other faces of the same kind, with the
    /// same trained networks. `None` for results of older programs.
    #[serde(default)]
    pub weighted_error: Option<f64>,
    /// The same without suspicious rows.
    #[serde(default)]
    pub weighted_clean_error: Option<f64>,
    /// The face with the most to say in the difference without suspicious rows.
    #[serde(default)]
    pub most_influential: Option<Influence>,
    /// Seconds of training and validation, as a multiple of the base's.
    pub seconds: Option<f64>,
}

/// What every face has to say in the mean difference of these pairs of cells, each of a change and of the base.
fn differences(pairs: &[(&CellResult, &CellResult)]) -> Option<Vec<Influence>> {
    let mut of_rows: BTreeMap<usize, Influence> = BTreeMap::new();
    for (one, base) in pairs {
        let rows =
            |cell: &CellResult| cell.influences.iter().map(|one| one.row).collect::<Vec<_>>();
        if one.influences.is_empty() || rows(one) != rows(base) {
            return None;
        }
        for (one, base) in one.influences.iter().zip(&base.influences) {
            // A face of several pairs, trained from several seeds, counts once.
            let mean = of_rows
                .entry(one.row)
                .or_insert(Influence { row: one.row, ..Influence::default() });
            mean.raw += (one.raw - base.raw) / pairs.len() as f64;
            mean.clean += (one.clean - base.clean) / pairs.len() as f64;
        }
    }
    (!of_rows.is_empty()).then(|| of_rows.into_values().collect())
}

/// The effects of all ideas; none where no cell is called [`BASE`].
pub(super) fn effects(results: &[CellResult]) -> Vec<Effect> {
    let scored = || results.iter().filter(|one| one.failure.is_none());
    let base = |of: &CellResult| {
        scored().find(|one| one.strategy == BASE && (one.fold, one.seed) == (of.fold, of.seed))
    };
    let mut names: Vec<&str> = Vec::new();
    for result in results {
        let name = result.strategy.as_str();
        if name != BASE && !names.contains(&name) && base(result).is_some() {
            names.push(name);
        }
    }
    let effect = |name: &str| {
        let pairs: Vec<(&CellResult, &CellResult)> = scored()
            .filter(|one| one.strategy == name)
            .filter_map(|one| Some((one, base(one)?)))
            .collect();
        let spread = |score: &dyn Fn(&CellResult) -> Option<f64>| {
            let differences =
                pairs.iter().filter_map(|(one, base)| Some(score(one)? - score(base)?));
            Spread::of(&differences.collect::<Vec<_>>())
        };
        let seconds =
            |of: &dyn Fn(&(&CellResult, &CellResult)) -> f64| pairs.iter().map(of).sum::<f64>();
        let ratio = seconds(&|pair| pair.0.seconds) / seconds(&|pair| pair.1.seconds);
        let found = differences(&pairs);
        let error = |of: fn(&Influence) -> f64| {
            let found = found.as_ref()?;
            Some(standard_error(&found.iter().map(of).collect::<Vec<f64>>()))
        };
        let most = found.iter().flatten().max_by(|a, b| a.clean.abs().total_cmp(&b.clean.abs()));
        Effect {
            weighted_error: error(|one| one.raw),
            weighted_clean_error: error(|one| one.clean),
            most_influential: most.copied(),
            idea: name.to_owned(),
            weighted: spread(&|one| one.raw.weighted_rmse),
            weighted_clean: spread(&|one| one.clean.weighted_rmse),
            seconds: Some(ratio).filter(|ratio| ratio.is_finite()),
        }
    };
    names.into_iter().map(effect).collect()
}

/// What the columns of a table of effects mean.
pub(super) const NOTE: &str = "Difference to the recipe, base, on the same folds with the same seeds, mean ± standard deviation over them: below 0 is better. \
\"± over faces\" is the standard error over the held-out faces: a difference below twice of it may be their chance, and another seed moves a score as well. The \
most influential row is the one that has the most to say in the difference without suspicious rows, and how much.";

/// A Markdown table of effects.
pub(super) fn to_markdown(effects: &[Effect]) -> String {
    let cell = |spread: &Spread| match (spread.mean, spread.deviation) {
        (Some(mean), Some(deviation)) => format!("{mean:+.3} ± {deviation:.3}"),
        (Some(mean), None) => format!("{mean:+.3}"),
        _ => String::new(),
    };
    let row = |effect: &Effect| {
        let [raw, clean] = [&effect.weighted, &effect.weighted_clean].map(cell);
        let error = |error: Option<f64>| number(error, 3);
        let time = effect.seconds.map(|ratio| format!("×{ratio:.2}")).unwrap_or_default();
        let most = effect.most_influential.map(|one| one.to_string());
        vec![
            effect.idea.clone(),
            raw,
            error(effect.weighted_error),
            clean,
            error(effect.weighted_clean_error),
            most.unwrap_or_default(),
            time,
            effect.weighted.values.len().to_string(),
        ]
    };
    let columns = [
        "idea",
        "weighted RMSE, px",
        "± over faces",
        "without suspicious rows, px",
        "± over faces",
        "most influential row",
        "time",
        "pairs",
    ];
    let mut text = table(&columns, 1, &effects.iter().map(row).collect::<Vec<_>>());
    text.push('\n');
    text.push_str(NOTE);
    text.push('\n');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn result(name: &str, fold: usize, score: f64) -> CellResult {
        let mut result =
            CellResult { strategy: name.to_owned(), fold, seconds: 2.0, ..Default::default() };
        result.raw.weighted_rmse = Some(score);
        result.clean.weighted_rmse = Some(score / 2.0);
        result
    }

    #[test]
    fn an_idea_is_compared_on_its_own_fold() {
        let results = [
            result("base", 1, 2.0),
            result("wide", 1, 1.5),
            result("base", 2, 4.0),
            result("wide", 2, 3.75),
            result("late", 3, 1.0),
        ];
        let found = effects(&results);
        assert_eq!(found.len(), 1, "no base on fold 3");
        assert_eq!(found[0].weighted.values, [-0.5, -0.25]);
        assert_eq!(found[0].weighted_clean.mean, Some(-0.1875));
        assert_eq!(found[0].seconds, Some(1.0));
        let text = to_markdown(&found);
        let row = "| wide | -0.375 ± 0.177 | – | -0.188 ± 0.088 | – |  | ×1.00 | 2 |";
        assert!(text.contains(row), "{text}");
    }

    #[test]
    fn the_faces_say_how_far_to_trust_a_difference() {
        let influences = |clean: [f64; 3]| {
            let one =
                |(face, clean): (usize, f64)| Influence { row: face + 4, raw: 2.0 * clean, clean };
            clean.into_iter().enumerate().map(one).collect::<Vec<Influence>>()
        };
        let with = |name: &str, seed: u64, clean| {
            let result = result(name, 1, 2.0);
            CellResult { seed, influences: influences(clean), ..result }
        };
        // Two seeds on the same three faces: each counts once, with the mean of both.
        let results = [
            with("base", 1, [0.0, 0.1, -0.1]),
            with("base", 2, [0.0, 0.1, -0.1]),
            with("wide", 1, [0.0, 0.5, -0.5]),
            with("wide", 2, [0.0, 0.3, -0.3]),
        ];
        let found = effects(&results);
        let near = |found: Option<f64>, wanted: f64| (found.unwrap() - wanted).abs() < 1e-12;
        assert!(near(found[0].weighted_clean_error, 0.3 * 2.0_f64.sqrt()), "{found:?}");
        assert!(near(found[0].weighted_error, 0.6 * 2.0_f64.sqrt()), "{found:?}");
        assert!([5, 6].contains(&found[0].most_influential.unwrap().row), "{found:?}");

        // Not of the same faces, or by a program that did not count them.
        let mut other = results.clone();
        other[2].influences[0].row = 99;
        assert_eq!(effects(&other)[0].weighted_error, None);
        other[2].influences.clear();
        assert_eq!(
            (effects(&other)[0].weighted_error, effects(&other)[0].most_influential),
            (None, None)
        );
    }

    #[test]
    fn what_cannot_be_is_refused_with_its_name() {
        let text = |name: &str, set| {
            let idea = Idea { name: name.to_owned(), set };
            idea.config(&TrainConfig::default()).unwrap_err().to_string()
        };
        let set = |path: &str, value| Parameters::from([(path.to_owned(), value)]);
        assert!(text("base", Parameters::new()).contains("and not `base`, but is `base`"));
        assert!(text("a/b", Parameters::new()).contains("`a/b`"));
        let typo = text("small", set("batch_sice", json!(3)));
        assert!(typo.contains("`small`: `batch_sice`: the config has no `batch_sice`"), "{typo}");
    }
}
