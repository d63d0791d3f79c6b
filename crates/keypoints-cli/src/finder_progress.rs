//! Showing how the training of a face finder goes on.

use std::time::Instant;

use indicatif::ProgressBar;
use keypoints_train::finder::{FinderConfig, FinderProgress};

use crate::exit::tell;
use crate::progress::count_bar;

/// A bar per round, and a line when it has ended.
#[derive(Debug)]
pub struct FinderTrainingProgress {
    config: FinderConfig,
    pictures: usize,
    bar: Option<(usize, &'static str, ProgressBar)>,
    started: Instant,
}

impl FinderTrainingProgress {
    /// For a training with these settings on so many pictures without faces.
    pub fn new(config: FinderConfig, pictures: usize) -> Self {
        Self { config, pictures, bar: None, started: Instant::now() }
    }

    /// Shows a step.
    pub fn show(&mut self, progress: FinderProgress) {
        match progress {
            FinderProgress::Step { round, step, loss } => {
                let steps = self.of(round).1;
                self.move_to(round, "training", steps, step);
                if step == steps {
                    self.end();
                    let (name, _) = self.of(round);
                    let seconds = self.started.elapsed().as_secs();
                    let rounds = self.config.rounds();
                    tell(format_args!(
                        "round {round} of {rounds}, {name}: loss {loss:.4}, {seconds} s"
                    ));
                }
            }
            FinderProgress::Searched { round, pictures } => {
                self.move_to(round, "searching", self.pictures, pictures);
            }
            FinderProgress::Found { windows, .. } => {
                self.end();
                tell(format_args!(
                    "{windows} hard negatives: windows without a face that score as one"
                ));
            }
        }
    }

    /// Name and steps of the network of a round.
    fn of(&self, round: usize) -> (&'static str, usize) {
        let FinderConfig { proposer, verifier, .. } = &self.config;
        if round <= proposer.rounds {
            ("proposer", proposer.steps)
        } else {
            ("verifier", verifier.steps)
        }
    }

    fn move_to(&mut self, round: usize, what: &'static str, length: usize, position: usize) {
        if self.bar.as_ref().is_none_or(|(of, does, _)| (*of, *does) != (round, what)) {
            self.end();
            self.bar = Some((round, what, count_bar(length, what)));
        }
        if let Some((.., bar)) = &self.bar {
            bar.set_position(position as u64);
        }
    }

    fn end(&mut self) {
        if let Some((.., bar)) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}
