//! Watching a sweep.

use super::results::SweepResults;
use super::trial::TrialRecord;
use crate::training::{NoObserver, TrainObserver};

/// What a sweep is about to do.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepSession {
    /// Trials of the whole sweep.
    pub trials: usize,
    /// Of these, the ones that this process's shard holds.
    pub shard_trials: usize,
    /// Of these, the ones that an earlier process brought to an end.
    pub ended: usize,
    /// The lowest score so far, in pixels, whichever process found it.
    pub best: Option<f64>,
}

/// Is told how a sweep goes on, and how the run of each trial does. Every method may stay empty.
///
/// ```
/// use keypoints_train::TrainObserver;
/// use keypoints_train::sweep::{SweepObserver, SweepResults, TrialRecord};
///
/// struct Plain;
///
/// impl TrainObserver for Plain {}
///
/// impl SweepObserver for Plain {
///     fn on_trial_end(&mut self, trial: &TrialRecord, results: &SweepResults) {
///         println!("trial {}: {:?} px; {}", trial.number, trial.score, results.status());
///     }
/// }
/// ```
pub trait SweepObserver: TrainObserver {
    /// The sweep starts, or goes on where an earlier process left off.
    fn on_sweep(&mut self, _session: &SweepSession) {}
    /// A trial starts or goes on.
    fn on_trial_start(&mut self, _trial: &TrialRecord) {}
    /// A trial came to an end; `results` holds it and whatever other processes have brought so far.
    fn on_trial_end(&mut self, _trial: &TrialRecord, _results: &SweepResults) {}
}

impl SweepObserver for NoObserver {}
