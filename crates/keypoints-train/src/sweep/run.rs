//! All trials of a sweep, one after the other.

use std::time::Instant;

use keypoints_data::FaceDataset;

use super::error::SweepError;
use super::file::SweepFile;
use super::folder::{SweepFolder, SweepRecord};
use super::observer::{SweepObserver, SweepSession};
use super::results::SweepResults;
use super::runner::TrialRunner;
use super::shard::Shard;
use super::trial::{TrialRecord, TrialState};
use crate::error::TrainError;
use crate::run::DataRecord;

/// A checked sweep over known data.
#[derive(Clone, Debug)]
pub struct Sweep {
    record: SweepRecord,
}

impl Sweep {
    /// Checks the sweep and notes which data it is about.
    ///
    /// # Errors
    /// The first mistake in `file`: see [`SweepError`].
    pub fn new(file: SweepFile, dataset: &FaceDataset) -> Result<Self, SweepError> {
        file.check()?;
        let program = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION")).to_owned();
        Ok(Self { record: SweepRecord { program, data: DataRecord::of(dataset), sweep: file } })
    }

    /// The sweep.
    pub fn file(&self) -> &SweepFile {
        &self.record.sweep
    }

    /// Runs the shard's trials that have not come to an end yet, in the order of their numbers, and writes the
    /// tables after each.
    ///
    /// A sweep that was killed, at whatever moment, goes on inside the trial that it was in; the parameters of
    /// that one are read back and not chosen again. Several processes, also on several machines, can share a folder
    /// if each has a shard of its own. Under [`Search::Tpe`](super::Search::Tpe) each shard chooses in view of
    /// all trials that have ended when it asks, so what it chooses depends on how fast the others are. Where two
    /// processes end a trial in the same moment, the tables may lack one of them until the next trial ends or
    /// [`SweepFolder::summarise`] is called. Two processes with the same shard would get in each other's way.
    ///
    /// A trial whose loss is no longer a number is noted as failed, and the sweep goes on.
    ///
    /// # Errors
    /// Values that the runner refuses, a folder that holds another sweep, a file that cannot be read or written, and
    /// [`SweepError::Trial`] where a trial cannot run for a reason other than its settings.
    pub fn run(
        &self,
        folder: &SweepFolder,
        shard: Shard,
        runner: &mut dyn TrialRunner,
        observer: &mut dyn SweepObserver,
    ) -> Result<SweepResults, SweepError> {
        let file = self.file();
        file.check_with(runner)?;
        folder.open(&self.record)?;
        let mut results = folder.summarise()?;
        let numbers: Vec<usize> = shard.numbers(file.trials()).collect();
        let ended = |trial: &&TrialRecord| {
            trial.state != TrialState::Running && numbers.contains(&trial.number)
        };
        observer.on_sweep(&SweepSession {
            trials: file.trials(),
            shard_trials: numbers.len(),
            ended: results.trials.iter().filter(ended).count(),
            best: results.best().and_then(|trial| trial.score),
        });
        for number in numbers {
            let trial = match folder.trial_record(number)? {
                Some(trial) if trial.state != TrialState::Running => continue,
                Some(trial) => trial,
                None => {
                    let earlier = folder.trials(file.trials())?;
                    let trial = TrialRecord::starting(number, file.propose(number, &earlier));
                    folder.write_trial(&trial)?;
                    trial
                }
            };
            observer.on_trial_start(&trial);
            let trial = self.run_trial(trial, folder, runner, observer)?;
            folder.write_trial(&trial)?;
            results = folder.summarise()?;
            observer.on_trial_end(&trial, &results);
        }
        Ok(results)
    }

    fn run_trial(
        &self,
        mut trial: TrialRecord,
        folder: &SweepFolder,
        runner: &mut dyn TrialRunner,
        observer: &mut dyn SweepObserver,
    ) -> Result<TrialRecord, SweepError> {
        let config = self
            .file()
            .config(&trial.parameters)
            .map_err(SweepError::in_file(&folder.trial_record_path(trial.number)))?;
        let start = Instant::now();
        match runner.run(&config, &folder.trial(trial.number), observer) {
            Ok(outcome) => {
                trial.seconds = outcome.seconds;
                trial.images_per_second = (outcome.images > 0 && outcome.seconds > 0.0)
                    .then(|| outcome.images as f64 / outcome.seconds);
                trial.score = outcome.score.filter(|score| score.is_finite());
                if trial.score.is_some() {
                    trial.state = TrialState::Finished;
                } else {
                    trial.state = TrialState::Failed;
                    trial.message = Some(match outcome.score {
                        Some(score) => format!("the score became {score}"),
                        None => "the held-out faces have no label to score on".to_owned(),
                    });
                }
            }
            Err(error @ TrainError::Diverged { .. }) => {
                trial.seconds = start.elapsed().as_secs_f64();
                trial.state = TrialState::Failed;
                trial.message = Some(error.to_string());
            }
            Err(source) => return Err(SweepError::Trial { number: trial.number, source }),
        }
        Ok(trial)
    }
}
