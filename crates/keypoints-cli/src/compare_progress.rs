//! Showing how a comparison goes on: one line per cell, and what the current one does.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget};
use keypoints_train::study::{Cell, CellResult, StudyObserver};
use keypoints_train::{StepInfo, TrainObserver, TrainSession};

use crate::progress::{epochs_left, style, target};

/// How often a program that does not talk to a terminal says what the current cell does.
const PLAIN_LINE_EVERY: Duration = Duration::from_secs(60);

/// Shows each cell's result, the current training, and the time that is left.
#[derive(Debug)]
pub struct CompareProgress {
    bar: ProgressBar,
    terminal: bool,
    last_line: Instant,
    /// Number of the current cell, and of all.
    place: (usize, usize),
    /// Cells that have their result, from whichever process, and their seconds.
    finished: (usize, f64),
    session: Option<TrainSession>,
    name: String,
}

impl Default for CompareProgress {
    fn default() -> Self {
        Self::new()
    }
}

impl CompareProgress {
    /// Draws on standard error, so that the table on standard output can be piped.
    pub fn new() -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(None::<u64>, ProgressDrawTarget::hidden());
        bar.set_draw_target(target(terminal));
        bar.set_style(style("{wide_bar} {pos}/{len} {msg}"));
        let now = Instant::now();
        Self {
            bar,
            terminal,
            last_line: now,
            place: (0, 0),
            finished: (0, 0.0),
            session: None,
            name: String::new(),
        }
    }

    fn say(&self, line: String) {
        if self.terminal { self.bar.println(line) } else { eprintln!("{line}") }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn left(&self) -> String {
        let (cells, seconds) = self.finished;
        if cells == 0 {
            return "?".to_owned();
        }
        let (number, total) = self.place;
        let rest = seconds / cells as f64 * (total - number) as f64;
        human(rest)
    }
}

fn human(seconds: f64) -> String {
    HumanDuration(Duration::try_from_secs_f64(seconds).unwrap_or_default()).to_string()
}

/// Seconds until a network is trained, its validations left out.
fn seconds_left(session: &TrainSession, step: &StepInfo) -> f64 {
    let epochs = epochs_left(session, step.epoch, step.step);
    epochs * session.training_rows as f64 / step.images_per_second
}

impl TrainObserver for CompareProgress {
    fn on_start(&mut self, session: &TrainSession) {
        self.session = Some(session.clone());
    }

    fn on_step(&mut self, step: &StepInfo) {
        let Some(session) = &self.session else { return };
        let which =
            if session.model.is_only() { String::new() } else { format!(" {},", session.model) };
        let message = format!(
            "{}:{which} epoch {}/{}, train {:.2} px, {:.0} images/s, {} left in it",
            self.name,
            step.epoch,
            session.epochs,
            step.train_rmse,
            step.images_per_second,
            human(seconds_left(session, step)),
        );
        if self.terminal {
            self.bar.set_message(message);
        } else if self.last_line.elapsed() >= PLAIN_LINE_EVERY {
            self.last_line = Instant::now();
            self.say(message);
        }
    }
}

impl StudyObserver for CompareProgress {
    fn on_cell(&mut self, number: usize, total: usize, cell: &Cell) {
        self.place = (number, total);
        let Cell { strategy, network, fold, seed, .. } = cell;
        self.name = format!("{strategy}, {network}, fold {fold}, seed {seed}");
        self.bar.set_length(total as u64);
        self.bar.set_position(number as u64 - 1);
        self.bar.set_message(self.name.clone());
    }

    fn on_result(&mut self, result: &CellResult) {
        self.finished.0 += 1;
        self.finished.1 += result.seconds;
        let (number, total) = self.place;
        let px = |value: Option<f64>| value.map_or("-".to_owned(), |value| format!("{value:.3}"));
        let scores = match &result.failure {
            Some(failure) => failure.clone(),
            None => format!(
                "weighted {} px, without suspicious rows {} px, {} images, {:.0} s, {} left",
                px(result.raw.weighted_rmse),
                px(result.clean.weighted_rmse),
                result.images,
                result.seconds,
                self.left(),
            ),
        };
        self.say(format!("{number:>3}/{total} {}: {scores}", self.name));
        self.last_line = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use keypoints_train::strategy::ModelId;

    #[test]
    fn time_is_left_for_what_is_left() {
        let session = TrainSession {
            model: ModelId::only(),
            epochs: 4,
            finished_epochs: 0,
            finished: false,
            steps_per_epoch: 10,
            training_rows: 100,
            validation_rows: 0,
            parameters: 1,
        };
        let step = StepInfo {
            epoch: 2,
            step: 5,
            train_rmse: 1.0,
            learning_rate: 1.0,
            images_per_second: 50.0,
        };
        assert_eq!(seconds_left(&session, &step), 5.0);

        // What an earlier process has trained counts, too.
        let mut progress = CompareProgress::new();
        progress.place = (1, 4);
        progress.on_result(&CellResult { seconds: 120.0, ..Default::default() });
        assert_eq!(progress.left(), "6 minutes");
    }
}
