//! The trials of a sweep as tables.

use serde::Serialize;

use super::file::SweepFile;
use super::trial::{TrialRecord, TrialState, short};
use crate::csv::quoted;
use crate::markdown::table;

/// All trials that were started: finished ones by score, the lowest first, then failed ones, then running ones.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SweepResults {
    /// Trials of the whole sweep, started or not.
    pub planned: usize,
    /// The varied fields, as dotted paths, in the order of the columns.
    pub parameters: Vec<String>,
    /// The trials.
    pub trials: Vec<TrialRecord>,
}

impl SweepResults {
    pub(super) fn new(file: &SweepFile, mut trials: Vec<TrialRecord>) -> Self {
        trials.sort_by(|a, b| {
            let score = |trial: &TrialRecord| trial.score.unwrap_or(f64::INFINITY);
            let by_state = a.state.cmp(&b.state);
            by_state.then(score(a).total_cmp(&score(b))).then(a.number.cmp(&b.number))
        });
        let parameters = file.parameters.keys().cloned().collect();
        Self { planned: file.trials(), parameters, trials }
    }

    /// The finished trial with the lowest score.
    pub fn best(&self) -> Option<&TrialRecord> {
        self.trials.first().filter(|trial| trial.state == TrialState::Finished)
    }

    /// How many trials are in a state.
    pub fn count(&self, state: TrialState) -> usize {
        self.trials.iter().filter(|trial| trial.state == state).count()
    }

    /// How far the sweep is, in one line: `3 of 4 trials finished, 1 failed`.
    pub fn status(&self) -> String {
        let mut text =
            format!("{} of {} trials finished", self.count(TrialState::Finished), self.planned);
        for (state, name) in [(TrialState::Failed, "failed"), (TrialState::Running, "running")] {
            match self.count(state) {
                0 => {}
                count => text += &format!(", {count} {name}"),
            }
        }
        text
    }

    /// The column titles of [`SweepResults::rows`].
    pub fn header(&self) -> Vec<String> {
        let own = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let parameters = self.parameters.clone();
        [own(&["trial", "score, px"]), parameters, own(&["seconds", "images/s", "state"])].concat()
    }

    /// A row of texts per trial, rounded for people; [`SweepResults::to_csv`] has all digits.
    pub fn rows(&self) -> Vec<Vec<String>> {
        let row = |trial: &TrialRecord| {
            let number = |value: Option<f64>, digits: usize| {
                value.map_or_else(|| "-".to_owned(), |value| format!("{value:.digits$}"))
            };
            let value = |name| trial.parameters.get(name).map(short).unwrap_or_default();
            let ended = trial.state != TrialState::Running;
            let mut row = vec![trial.number.to_string(), number(trial.score, 4)];
            row.extend(self.parameters.iter().map(value));
            row.push(number(ended.then_some(trial.seconds), 1));
            row.push(number(trial.images_per_second, 0));
            row.push(state_name(trial.state).to_owned());
            row
        };
        self.trials.iter().map(row).collect()
    }

    /// All trials as CSV with a header; nested values stand there as JSON.
    pub fn to_csv(&self) -> String {
        let own = ["seconds", "images_per_second", "state", "message"].map(str::to_owned);
        let header = ["trial", "score"].map(str::to_owned).into_iter();
        let header: Vec<String> = header.chain(self.parameters.clone()).chain(own).collect();
        let number = |value: Option<f64>| value.map(|value| value.to_string()).unwrap_or_default();
        let rows = self.trials.iter().map(|trial| {
            let value = |name: &String| match trial.parameters.get(name) {
                Some(serde_json::Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
                None => String::new(),
            };
            let mut row = vec![trial.number.to_string(), number(trial.score)];
            row.extend(self.parameters.iter().map(value));
            row.push(number(Some(trial.seconds)));
            row.push(number(trial.images_per_second));
            row.push(state_name(trial.state).to_owned());
            row.push(trial.message.clone().unwrap_or_default());
            row
        });
        let line = |cells: Vec<String>| {
            let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            cells.join(",") + "\n"
        };
        std::iter::once(header).chain(rows).map(line).collect()
    }

    /// All trials as a Markdown table, and why the failed ones failed.
    pub fn to_markdown(&self) -> String {
        let header = self.header();
        let mut text = format!(
            "# Sweep\n\n{}. The score is the weighted RMSE on the held-out faces, in pixels; lower is better.\n\n",
            self.status()
        );
        text += &table(&header, header.len(), &self.rows());
        let failed = self.trials.iter().filter(|trial| trial.state == TrialState::Failed);
        for (index, trial) in failed.enumerate() {
            let gap = if index == 0 { "\n" } else { "" };
            let message = trial.message.as_deref().unwrap_or_default();
            text += &format!("{gap}- trial {} failed: {message}\n", trial.number);
        }
        text
    }
}

fn state_name(state: TrialState) -> &'static str {
    match state {
        TrialState::Finished => "finished",
        TrialState::Failed => "failed",
        TrialState::Running => "running",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::Parameters;
    use serde_json::json;

    fn results() -> SweepResults {
        let text = r#"{
            "parameters": {
                "learning_rate": { "log_uniform": [1e-4, 1e-2] },
                "schedule": { "values": [{ "kind": "constant" }] }
            },
            "search": { "method": "random", "trials": 5 }
        }"#;
        let trial = |number, state, score| TrialRecord {
            state,
            score,
            seconds: 2.0,
            images_per_second: score.map(|_| 50.0),
            message: (state == TrialState::Failed).then(|| "the loss, it \"grew\"".to_owned()),
            ..TrialRecord::starting(
                number,
                Parameters::from([
                    ("learning_rate".to_owned(), json!(0.000_123_456_7)),
                    ("schedule".to_owned(), json!({ "kind": "constant" })),
                ]),
            )
        };
        let trials = vec![
            trial(1, TrialState::Finished, Some(3.5)),
            trial(2, TrialState::Failed, None),
            trial(3, TrialState::Running, None),
            trial(4, TrialState::Finished, Some(2.25)),
        ];
        SweepResults::new(&SweepFile::parse(text).unwrap(), trials)
    }

    #[test]
    fn the_best_comes_first() {
        let results = results();
        let order: Vec<usize> = results.trials.iter().map(|trial| trial.number).collect();
        assert_eq!(order, [4, 1, 2, 3]);
        assert_eq!(results.best().unwrap().score, Some(2.25));
        assert_eq!(results.status(), "2 of 5 trials finished, 1 failed, 1 running");
    }

    #[test]
    fn csv_keeps_all_digits_and_quotes() {
        let csv = results().to_csv();
        let lines: Vec<&str> = csv.lines().collect();
        assert_eq!(
            lines[0],
            "trial,score,learning_rate,schedule,seconds,images_per_second,state,message"
        );
        assert_eq!(lines[1], r#"4,2.25,0.0001234567,"{""kind"":""constant""}",2,50,finished,"#);
        assert!(lines[3].ends_with(r#",2,,failed,"the loss, it ""grew""""#), "{}", lines[3]);
    }

    #[test]
    fn markdown_reads_well() {
        let text = results().to_markdown();
        assert!(text.contains("| trial | score, px | learning_rate | schedule | seconds |"));
        assert!(
            text.contains(
                "| 4 | 2.2500 | 1.235e-4 | {\"kind\":\"constant\"} | 2.0 | 50 | finished |"
            )
        );
        assert!(text.contains("| 3 | - | 1.235e-4 | {\"kind\":\"constant\"} | - | - | running |"));
        assert!(text.ends_with("- trial 2 failed: the loss, it \"grew\"\n"));
    }
}
