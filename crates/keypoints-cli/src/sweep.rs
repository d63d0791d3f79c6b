//! A sweep as programs show it: a bar over the trials, a table at the end.

use std::io::IsTerminal;
use std::time::{Duration, Instant};

use comfy_table::{CellAlignment, Table};
use indicatif::{HumanDuration, ProgressBar};
use keypoints_train::sweep::{SweepObserver, SweepResults, SweepSession, TrialRecord, TrialState};
use keypoints_train::{EpochRecord, StepInfo, TrainObserver, TrainSession};

use crate::progress::{style, target};

/// Positions of the bar per trial, so that it moves within one as well.
const TICKS: u64 = 1000;

/// How often a program that does not talk to a terminal says how far a trial is.
const PLAIN_LINE_EVERY: Duration = Duration::from_secs(30);

/// Shows which trial runs, how far it is, the best score and the time that is left.
///
/// ```
/// use keypoints_cli::SweepProgress;
/// use keypoints_train::sweep::{SweepObserver, SweepSession};
///
/// let session = SweepSession { trials: 4, shard_trials: 4, ended: 1, best: Some(2.5) };
/// SweepProgress::new().on_sweep(&session);
/// ```
#[derive(Debug)]
pub struct SweepProgress {
    bar: ProgressBar,
    terminal: bool,
    session: SweepSession,
    /// Trials of this shard that have ended, earlier processes' included.
    ended: usize,
    best: Option<f64>,
    /// The number of the trial that runs.
    number: usize,
    epoch_steps: usize,
    epochs: usize,
    /// The share of the trial that an earlier process did.
    share_before: f64,
    /// Of the trial that runs, in `0..=1`.
    share: f64,
    /// Trials, or shares of them, that this process did, in how many seconds.
    worked: (f64, f64),
    trial_started: Instant,
    last_line: Instant,
}

impl Default for SweepProgress {
    fn default() -> Self {
        Self::new()
    }
}

impl SweepProgress {
    /// Draws on standard error, so that results on standard output can be piped.
    pub fn new() -> Self {
        let terminal = std::io::stderr().is_terminal();
        let now = Instant::now();
        Self {
            bar: ProgressBar::with_draw_target(None, target(terminal)),
            terminal,
            session: SweepSession { trials: 0, shard_trials: 0, ended: 0, best: None },
            ended: 0,
            best: None,
            number: 0,
            epoch_steps: 1,
            epochs: 1,
            share_before: 0.0,
            share: 0.0,
            worked: (0.0, 0.0),
            trial_started: now,
            last_line: now,
        }
    }

    fn say(&self, line: String) {
        if self.terminal { self.bar.println(line) } else { eprintln!("{line}") }
    }

    /// Time left, from what this process has done so far.
    fn left(&self) -> Option<Duration> {
        let done = self.worked.0 + self.share - self.share_before;
        let seconds = self.worked.1 + self.trial_started.elapsed().as_secs_f64();
        let todo = (self.session.shard_trials - self.ended) as f64 - self.share;
        Duration::try_from_secs_f64(seconds / done * todo).ok()
    }

    fn show(&mut self, epoch: usize) {
        let best = self.best.map(|best| format!(", best {best:.3} px")).unwrap_or_default();
        let left =
            self.left().map_or_else(|| "?".to_owned(), |left| HumanDuration(left).to_string());
        let message =
            format!("trial {} epoch {epoch}/{}{best}, {left} left", self.number, self.epochs);
        if self.terminal {
            self.bar.set_message(message);
            self.bar.set_position(self.ended as u64 * TICKS + (self.share * TICKS as f64) as u64);
        } else if self.last_line.elapsed() >= PLAIN_LINE_EVERY {
            self.last_line = Instant::now();
            self.say(message);
        }
    }
}

impl TrainObserver for SweepProgress {
    fn on_start(&mut self, session: &TrainSession) {
        self.epochs = session.epochs;
        self.epoch_steps = session.steps_per_epoch;
        self.share_before = session.finished_epochs as f64 / session.epochs.max(1) as f64;
        self.share = self.share_before;
        if session.finished_epochs > 0 {
            self.say(format!("going on after epoch {}", session.finished_epochs));
        }
    }

    fn on_step(&mut self, step: &StepInfo) {
        let epochs = (step.epoch - 1) as f64 + step.step as f64 / self.epoch_steps.max(1) as f64;
        self.share = epochs / self.epochs.max(1) as f64;
        self.show(step.epoch);
    }

    fn on_epoch(&mut self, record: &EpochRecord, _best: bool) {
        self.share = record.epoch as f64 / self.epochs.max(1) as f64;
        self.show(record.epoch);
    }
}

impl SweepObserver for SweepProgress {
    fn on_sweep(&mut self, session: &SweepSession) {
        self.session = session.clone();
        self.ended = session.ended;
        self.best = session.best;
        let shard = if session.shard_trials == session.trials {
            String::new()
        } else {
            format!(", {} of them in this shard", session.shard_trials)
        };
        let ended = match session.ended {
            0 => String::new(),
            ended => format!(", {ended} done already"),
        };
        self.say(format!("{} trials{shard}{ended}", session.trials));
        self.bar.set_length(session.shard_trials as u64 * TICKS);
        self.bar.set_style(style("{wide_bar} {percent:>3}% {msg}"));
        self.bar.set_position(self.ended as u64 * TICKS);
    }

    fn on_trial_start(&mut self, trial: &TrialRecord) {
        self.number = trial.number;
        (self.share_before, self.share) = (0.0, 0.0);
        self.trial_started = Instant::now();
        self.last_line = self.trial_started;
        self.say(format!("trial {}/{}  {}", trial.number, self.session.trials, trial.describe()));
    }

    fn on_trial_end(&mut self, trial: &TrialRecord, results: &SweepResults) {
        self.ended += 1;
        self.worked.0 += 1.0 - self.share_before;
        self.worked.1 += self.trial_started.elapsed().as_secs_f64();
        // What is done stands in `worked` now; until the next trial starts nothing is under way.
        (self.share_before, self.share) = (0.0, 0.0);
        self.trial_started = Instant::now();
        self.best = results.best().and_then(|best| best.score);
        let result = match (trial.state, trial.score) {
            (TrialState::Finished, Some(score)) => format!("{score:.3} px"),
            _ => format!("failed: {}", trial.message.as_deref().unwrap_or_default()),
        };
        let todo = self.session.shard_trials - self.ended;
        let left = match self.left() {
            Some(left) if todo > 0 => format!(", {} left", HumanDuration(left)),
            _ => String::new(),
        };
        let known =
            self.best.map(|best| format!("  (best {best:.3} px{left})")).unwrap_or_default();
        let best = results.best().is_some_and(|best| best.number == trial.number);
        let star = if best { "  *" } else { "" };
        self.say(format!("trial {}  {result}  {:.1} s{star}{known}", trial.number, trial.seconds));
        if todo == 0 {
            self.bar.finish_and_clear();
        }
    }
}

/// The trials as a table, the best first.
///
/// ```
/// use keypoints_train::sweep::SweepResults;
///
/// let parameters = vec!["learning_rate".to_owned()];
/// let results = SweepResults { planned: 4, parameters, trials: Vec::new() };
/// assert!(keypoints_cli::sweep_table(&results).contains("learning_rate"));
/// ```
pub fn sweep_table(results: &SweepResults) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    let header = results.header();
    let columns = header.len();
    table.set_header(header);
    for row in results.rows() {
        table.add_row(row);
    }
    // All but the state are numbers, or short enough not to mind.
    for column in 0..columns.saturating_sub(1) {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}
