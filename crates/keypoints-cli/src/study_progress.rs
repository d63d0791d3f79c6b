//! Showing how a study goes on: one line per cell, and what the current one does.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar};
use keypoints_study::{Cell, CellResult, StudyObserver, StudySession};
use keypoints_train::settings::describe;
use keypoints_train::{StepInfo, TrainObserver, TrainSession};

use crate::exit::tell;
use crate::progress::{epochs_left, style, target};

/// How often a program that does not talk to a terminal says what the current cell does.
const PLAIN_LINE_EVERY: Duration = Duration::from_secs(60);

/// Shows each cell's result, the current training, the best score and the time that is left.
#[derive(Debug)]
pub struct StudyProgress {
    bar: ProgressBar,
    terminal: bool,
    last_line: Instant,
    study: StudySession,
    /// Number of the current cell.
    number: usize,
    name: String,
    /// Cells that have their result, from whichever process, and their seconds.
    ended: (usize, f64),
    best: Option<f64>,
    training: Option<TrainSession>,
}

impl Default for StudyProgress {
    fn default() -> Self {
        Self::new()
    }
}

impl StudyProgress {
    /// Draws on standard error, so that the table on standard output can be piped.
    pub fn new() -> Self {
        let terminal = std::io::stderr().is_terminal();
        let bar = ProgressBar::with_draw_target(None, target(terminal));
        bar.set_style(style("{wide_bar} {pos}/{len} {msg}"));
        Self {
            bar,
            terminal,
            last_line: Instant::now(),
            study: StudySession::default(),
            number: 0,
            name: String::new(),
            ended: (0, 0.0),
            best: None,
            training: None,
        }
    }

    fn say(&self, line: String) {
        if self.terminal { self.bar.println(line) } else { tell(format_args!("{line}")) }
    }

    /// Removes the bar.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    fn left(&self) -> String {
        match self.ended {
            (0, _) => "?".to_owned(),
            (cells, seconds) => {
                human(seconds / cells as f64 * (self.study.own - self.number) as f64)
            }
        }
    }
}

fn human(seconds: f64) -> String {
    HumanDuration(Duration::try_from_secs_f64(seconds).unwrap_or_default()).to_string()
}

fn pixels(value: Option<f64>) -> String {
    value.map_or("-".to_owned(), |value| format!("{value:.3} px"))
}

/// Seconds until a network is trained, its validations left out.
fn seconds_left(training: &TrainSession, step: &StepInfo) -> f64 {
    let epochs = epochs_left(training, step.epoch, step.step);
    epochs * training.training_rows as f64 / step.images_per_second
}

impl TrainObserver for StudyProgress {
    fn on_start(&mut self, training: &TrainSession) {
        self.training = Some(training.clone());
    }

    fn on_step(&mut self, step: &StepInfo) {
        let Some(training) = &self.training else { return };
        let which =
            if training.model.is_only() { String::new() } else { format!(" {},", training.model) };
        let message = format!(
            "{}:{which} epoch {}/{}, train {:.2} px, {:.0} images/s, {} left in it",
            self.name,
            step.epoch,
            training.epochs,
            step.train_rmse,
            step.images_per_second,
            human(seconds_left(training, step)),
        );
        if self.terminal {
            self.bar.set_message(message);
        } else if self.last_line.elapsed() >= PLAIN_LINE_EVERY {
            self.last_line = Instant::now();
            self.say(message);
        }
    }
}

impl StudyObserver for StudyProgress {
    fn on_study(&mut self, study: &StudySession) {
        self.study = study.clone();
        self.bar.set_length(study.own as u64);
        let StudySession { cells, own } = study;
        self.say(match own == cells {
            true => format!("{cells} cells"),
            false => format!("{own} of {cells} cells are this process's share"),
        });
    }

    fn on_cell(&mut self, number: usize, cell: &Cell) {
        self.number = number;
        self.name = cell.to_string();
        // Trials of a search have numbers for names.
        if cell.name.parse::<usize>().is_ok() {
            self.name = format!("{}, {}", self.name, describe(&cell.set));
        }
        self.bar.set_position(number as u64 - 1);
        self.bar.set_message(self.name.clone());
    }

    fn on_result(&mut self, result: &CellResult) {
        self.ended.0 += 1;
        self.ended.1 += result.seconds;
        let score = result.score();
        let best = score.filter(|score| self.best.is_none_or(|best| *score < best));
        self.best = best.or(self.best);
        let outcome = match &result.failure {
            Some(failure) => failure.clone(),
            None => {
                let scores = &result.scores;
                let clean = match scores.suspicious {
                    0 => String::new(),
                    _ => format!(", {} without suspicious rows", pixels(scores.clean.score())),
                };
                format!(
                    "{}{clean}{}, {:.0} s, {} left",
                    pixels(score),
                    if best.is_some() { " *" } else { "" },
                    result.seconds,
                    self.left(),
                )
            }
        };
        self.say(format!("{:>3}/{} {}: {outcome}", self.number, self.study.own, self.name));
        self.last_line = Instant::now();
    }
}

#[cfg(test)]
mod tests;
