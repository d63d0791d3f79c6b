//! Showing how a long run goes on: bars on a terminal, plain lines elsewhere.

use std::io::IsTerminal;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{HumanDuration, ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use keypoints_train::{EpochRecord, InitialWeights, StepInfo, TrainObserver, TrainSession};

use crate::exit::tell;

/// How often a program that does not talk to a terminal says how far an epoch is.
const PLAIN_LINE_EVERY: Duration = Duration::from_secs(15);

/// Shows loss, validation RMSE, images per second and the time that is left.
#[derive(Debug)]
pub struct TrainProgress {
    bar: ProgressBar,
    terminal: bool,
    session: Option<TrainSession>,
    started: Instant,
    last_line: Instant,
    best: Option<f64>,
    steps_done: u64,
    /// Seconds of this process's finished epochs, validation included.
    epoch_seconds: f64,
    epochs_done: usize,
    /// What was said of the file that the networks start from.
    weights: Option<String>,
}

impl Default for TrainProgress {
    fn default() -> Self {
        Self::new()
    }
}

impl TrainProgress {
    /// Draws on standard error, so that results on standard output can be piped.
    pub fn new() -> Self {
        let terminal = std::io::stderr().is_terminal();
        // A run that is stopped early has no last epoch that would clear it.
        let bar = ProgressBar::with_draw_target(None, target(terminal))
            .with_finish(ProgressFinish::AndClear);
        let now = Instant::now();
        Self {
            bar,
            terminal,
            session: None,
            started: now,
            last_line: now,
            best: None,
            steps_done: 0,
            epoch_seconds: 0.0,
            epochs_done: 0,
            weights: None,
        }
    }

    fn say(&self, line: String) {
        if self.terminal { self.bar.println(line) } else { tell(format_args!("{line}")) }
    }

    /// Time left, from the epochs of this process or, in the first one, from its steps.
    fn left(&self, epoch: usize, step: usize) -> Option<Duration> {
        let session = self.session.as_ref()?;
        let per_epoch = if self.epochs_done > 0 {
            self.epoch_seconds / self.epochs_done as f64
        } else {
            let share = step as f64 / session.steps_per_epoch as f64;
            self.started.elapsed().as_secs_f64() / share
        };
        Duration::try_from_secs_f64(per_epoch * epochs_left(session, epoch, step)).ok()
    }
}

/// Epochs of a training that are left after a step of one, the rest of that one included.
pub(crate) fn epochs_left(session: &TrainSession, epoch: usize, step: usize) -> f64 {
    let steps = session.steps_per_epoch;
    (session.epochs - epoch) as f64 + (steps - step) as f64 / steps as f64
}

impl TrainObserver for TrainProgress {
    fn on_weights(&mut self, weights: &InitialWeights) {
        let file = weights.file.display();
        let mut said = format!("starting from {} tensors of {file}", weights.tensors);
        if !weights.prefix.is_empty() {
            said += &format!(", whose names begin with `{}`", weights.prefix);
        }
        if let [first, ..] = weights.left_aside.as_slice() {
            said += &format!("; {} others are left aside (`{first}`)", weights.left_aside.len());
        }
        if let [first, ..] = weights.dropped.as_slice() {
            said += &format!("; the head is new: that of the file has other shapes (`{first}`)");
        }
        if self.weights.as_ref() != Some(&said) {
            self.say(said.clone());
        }
        self.weights = Some(said);
    }

    fn on_start(&mut self, session: &TrainSession) {
        let which = if session.model.is_only() {
            String::new()
        } else {
            format!("network {}: ", session.model)
        };
        self.say(format!(
            "{which}training {} parameters on {} faces, {} held out, {} epochs of {} steps",
            session.parameters,
            session.training_rows,
            session.validation_rows,
            session.epochs,
            session.steps_per_epoch,
        ));
        match session.finished_epochs {
            0 => {}
            all if session.finished => self.say(format!("had finished already, after epoch {all}")),
            some => self.say(format!("going on after epoch {some}")),
        }
        let total = session.epochs * session.steps_per_epoch;
        self.steps_done = (session.finished_epochs * session.steps_per_epoch) as u64;
        // Of a run with several networks, each has a bar and a best score of its own.
        self.bar.reset();
        (self.best, self.epochs_done, self.epoch_seconds) = (None, 0, 0.0);
        self.bar.set_length(total as u64);
        self.bar.set_style(style("{wide_bar} {percent:>3}% {msg}"));
        self.bar.set_position(self.steps_done);
        self.session = Some(session.clone());
        self.started = Instant::now();
        self.last_line = self.started;
    }

    fn on_step(&mut self, step: &StepInfo) {
        self.steps_done += 1;
        let left = self.left(step.epoch, step.step);
        let best = self.best.map(|best| format!(", best {best:.2}")).unwrap_or_default();
        let message = format!(
            "epoch {} train {:.2} px{best}, {:.0} images/s, {} left",
            step.epoch,
            step.train_rmse,
            step.images_per_second,
            left.map_or_else(|| "?".to_owned(), |left| HumanDuration(left).to_string()),
        );
        if self.terminal {
            self.bar.set_message(message);
            self.bar.set_position(self.steps_done);
        } else if self.last_line.elapsed() >= PLAIN_LINE_EVERY {
            self.last_line = Instant::now();
            let steps = self.session.as_ref().map_or(0, |session| session.steps_per_epoch);
            self.say(format!("step {}/{steps}: {message}", step.step));
        }
    }

    fn on_validation(&mut self, done: usize, total: usize) {
        if self.terminal {
            self.bar.set_message(format!("validating {done}/{total}"));
        }
    }

    fn on_epoch(&mut self, record: &EpochRecord, best: bool) {
        self.epochs_done += 1;
        self.epoch_seconds += record.seconds;
        let score = |name: &str, value: Option<f64>| {
            value.map_or_else(String::new, |value| format!("  {name} {value:.3} px"))
        };
        let validation = record.validation.as_ref();
        if best {
            self.best = validation.and_then(keypoints_core::ErrorReport::score);
        }
        let epochs = self.session.as_ref().map_or(0, |session| session.epochs);
        self.say(format!(
            "epoch {:>3}/{epochs}  train {:.3} px{}{}  lr {:.1e}  {:.0} images/s  {:.1} s{}",
            record.epoch,
            record.train_rmse,
            score("validation", validation.and_then(|report| report.rmse)),
            score("weighted", validation.and_then(|report| report.weighted_rmse)),
            record.learning_rate,
            record.images_per_second,
            record.seconds,
            if best { "  *" } else { "" },
        ));
        self.last_line = Instant::now();
        if record.epoch == epochs {
            self.bar.finish_and_clear();
        }
    }
}

/// A bar for counting things, hidden where standard error is no terminal.
///
/// ```
/// let bar = keypoints_cli::count_bar(100, "faces");
/// bar.set_position(64);
/// bar.finish_and_clear();
/// ```
pub fn count_bar(total: usize, what: &'static str) -> ProgressBar {
    let terminal = std::io::stderr().is_terminal();
    count_bar_on(target(terminal), total, what)
}

fn count_bar_on(target: ProgressDrawTarget, total: usize, what: &'static str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(total as u64), target);
    bar.set_style(style("{wide_bar} {pos}/{len} {msg}, {eta} left"));
    bar.set_message(what);
    bar
}

/// How long something takes before [`LateBar`] is shown.
const SHOWN_AFTER: Duration = Duration::from_secs(2);

/// A [`count_bar`] that is shown after two seconds: what is done sooner needs none. Several threads may count.
pub(crate) struct LateBar {
    bar: ProgressBar,
    started: Instant,
    shown: AtomicBool,
}

impl LateBar {
    pub(crate) fn new(total: usize, what: &'static str) -> Self {
        let bar = count_bar_on(ProgressDrawTarget::hidden(), total, what);
        Self { bar, started: Instant::now(), shown: AtomicBool::new(false) }
    }

    /// Counts one more.
    pub(crate) fn inc(&self) {
        let late = self.started.elapsed() >= SHOWN_AFTER;
        if late && !self.shown.swap(true, Ordering::Relaxed) {
            self.bar.set_draw_target(target(std::io::stderr().is_terminal()));
        }
        self.bar.inc(1);
    }

    /// Writes to the terminal while the bar is not there.
    pub(crate) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }
}

impl Drop for LateBar {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A bar for the frames of a video, or a spinner where nobody knows how many they are, with frames per second; hidden where standard error
/// is no terminal.
pub(crate) fn frame_bar(total: Option<usize>) -> ProgressBar {
    let terminal = std::io::stderr().is_terminal();
    let bar = ProgressBar::with_draw_target(total.map(|total| total as u64), target(terminal));
    bar.set_style(style(match total {
        Some(_) => "{wide_bar} {pos}/{len} frames, {per_sec}, {eta} left",
        None => "{spinner} {pos} frames, {per_sec}",
    }));
    bar
}

pub(crate) fn target(terminal: bool) -> ProgressDrawTarget {
    if terminal { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() }
}

/// The templates are constants; a mistake in one falls back to the plain bar.
pub(crate) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
