//! The engine: all cells of a study, one after the other.

use std::path::Path;
use std::time::Instant;

use burn::tensor::Device;
use keypoints_core::{Dataset, Split};
use keypoints_train::settings::describe;
use keypoints_train::{HeldOutPredictions, RunFolder, TrainError};

use super::cell::Cell;
use super::config::StudyConfig;
use super::folder::StudyFolder;
use super::observer::{StudyObserver, StudySession};
use super::result::{CellResult, State};
use super::share::Share;
use super::trainer::{CellTrainer, Task, TrainCells};
use crate::error::StudyError;
use crate::scores::{Scores, check_suspicious};
use crate::search::{Proposer, Tried};
use crate::summary::Summary;

/// A dataset and a study on it. The [crate](crate) has an example.
#[derive(Clone, Debug)]
pub struct Study<'a> {
    dataset: &'a Dataset,
    config: StudyConfig,
}

impl<'a> Study<'a> {
    /// Puts a dataset and a study together.
    pub fn new(dataset: &'a Dataset, config: StudyConfig) -> Self {
        Self { dataset, config }
    }

    /// Trains the cells of a share that have no result yet, and writes the summary after each.
    ///
    /// A study that was killed goes on inside the cell that it was in. Several processes, also on several machines, can share a
    /// folder if each has a share of its own; the summary is whole when the last one has ended. A search by TPE chooses in view of
    /// the cells that have ended when it asks, so what it chooses depends on how fast other processes are. A cell whose loss
    /// diverges is noted as failed and the study goes on. A cell in which another process is at work is left alone, and the study ends
    /// with [`TrainError::FolderInUse`].
    ///
    /// # Errors
    /// A study that makes no sense, settings that a cell could not be trained with, a folder with another study, or whatever else
    /// than divergence ends a run.
    pub fn run(
        &self,
        folder: &Path,
        share: Share,
        device: &Device,
        observer: &mut dyn StudyObserver,
    ) -> Result<Summary, StudyError> {
        self.run_by(&mut TrainCells::new(self.dataset, device), folder, share, observer)
    }

    /// Scores the ended cells of a folder anew, without the rows that the study calls suspicious, and writes the summary.
    ///
    /// # Errors
    /// [`StudyError::Mismatch`] for a folder with another study; [`TrainError::Io`] or [`TrainError::BadRunFile`] with a file.
    pub fn rescore(&self, folder: &Path) -> Result<Summary, StudyError> {
        check_suspicious(&self.config.suspicious_rows, self.dataset)?;
        let folder = StudyFolder::start(folder, self.dataset, &self.config)?;
        for (run, result) in folder.results()? {
            if let Some(result) = result {
                self.rescore_cell(&run, result)?;
            }
        }
        folder.summarise()
    }

    pub(super) fn run_by(
        &self,
        trainer: &mut dyn CellTrainer,
        folder: &Path,
        share: Share,
        observer: &mut dyn StudyObserver,
    ) -> Result<Summary, StudyError> {
        let proposer = self.config.check()?;
        self.check_cells(proposer.as_ref(), trainer)?;
        check_suspicious(&self.config.suspicious_rows, self.dataset)?;
        let splits = self.config.splits(self.dataset)?;
        let folder = StudyFolder::start(folder, self.dataset, &self.config)?;
        let all = self.config.cells_of(proposer.as_ref());
        let unit = |index: usize, cell: &Cell| if proposer.learns() { cell.trial } else { index };
        let own = all.iter().enumerate().filter(|(index, cell)| share.has(unit(*index, cell)));
        let own: Vec<&Cell> = own.map(|(_, cell)| cell).collect();
        observer.on_study(&StudySession { cells: all.len(), own: own.len() });
        for (index, cell) in own.into_iter().enumerate() {
            let cell = match proposer.learns() {
                true => proposed(proposer.as_ref(), cell, &all, &folder)?,
                false => cell.clone(),
            };
            observer.on_cell(index + 1, &cell);
            let split = &splits[cell.fold - 1];
            let result = self.run_cell(&cell, split, &folder, trainer, observer)?;
            observer.on_result(&result);
            folder.summarise()?;
        }
        folder.summarise()
    }

    /// Asks about all settings now, and not when their turn comes, hours later.
    fn check_cells(
        &self,
        proposer: &dyn Proposer,
        trainer: &mut dyn CellTrainer,
    ) -> Result<(), StudyError> {
        let seed = self.config.base.seed;
        for probe in proposer.probes() {
            let cell = Cell { trial: 0, name: probe.part, set: probe.set, fold: 1, seed };
            let checked = trainer.check(&self.config.config_of(&cell)?);
            let cell = match self.config.is_search() {
                true => format!("{}: {}", cell.name, describe(&cell.set)),
                false => cell.name,
            };
            checked.map_err(|source| StudyError::Cell { cell, source: Box::new(source) })?;
        }
        Ok(())
    }

    /// Trains a cell, or goes on training it, or finds it ended.
    fn run_cell(
        &self,
        cell: &Cell,
        split: &Split,
        folder: &StudyFolder,
        trainer: &mut dyn CellTrainer,
        observer: &mut dyn StudyObserver,
    ) -> Result<CellResult, StudyError> {
        let config = self.config.config_of(cell)?;
        let mut task = Task { config, split, run: folder.run(cell), lock: None };
        if folder.result(cell)?.filter(CellResult::ended).is_none() {
            // Before its result is looked at again: another process may be about to write it.
            task.lock = Some(task.run.lock()?);
        }
        if let Some(result) = folder.result(cell)?.filter(CellResult::ended) {
            // The folder's name tells the name of the settings, but not the settings.
            trainer.check_ended(&task)?;
            return self.rescore_cell(&task.run, result);
        }
        let mut result = CellResult::starting(cell, &task.config);
        result.write(&task.run)?;
        let begun = Instant::now();
        match trainer.train(&task, observer) {
            Ok(cost) => {
                (result.networks_trained, result.images) = (cost.networks, cost.images);
                (result.seconds, result.state) = (cost.seconds, State::Finished);
                result.scores = self.scores(&task.run)?;
                if result.score().is_none() {
                    result.state = State::Failed;
                    result.failure = Some("no held-out face has a label to score on".to_owned());
                }
            }
            Err(error @ TrainError::Diverged { .. }) => {
                (result.seconds, result.state) = (begun.elapsed().as_secs_f64(), State::Failed);
                result.failure = Some(error.to_string());
            }
            Err(error) => return Err(error.into()),
        }
        result.write(&task.run)?;
        Ok(result)
    }

    /// Scores a cell anew if it is finished.
    fn rescore_cell(
        &self,
        run: &RunFolder,
        mut result: CellResult,
    ) -> Result<CellResult, StudyError> {
        if result.state == State::Finished {
            let scores = self.scores(run)?;
            if scores != result.scores {
                result.scores = scores;
                result.write(run)?;
            }
        }
        Ok(result)
    }

    fn scores(&self, run: &RunFolder) -> Result<Scores, StudyError> {
        let held_out = HeldOutPredictions::of_run(self.dataset.schema(), run)?;
        Ok(Scores::of(&held_out, self.dataset, &self.config.suspicious_rows))
    }
}

/// The cell with what it changes: as an earlier process or fold has it, or as the proposer says in view of the results so far.
fn proposed(
    proposer: &dyn Proposer,
    cell: &Cell,
    all: &[Cell],
    folder: &StudyFolder,
) -> Result<Cell, StudyError> {
    let mut tried: Vec<Tried> = Vec::new();
    for trial in 0..proposer.names().len() {
        let cells = all.iter().filter(|one| one.trial == trial);
        let results: Result<Vec<_>, _> = cells.map(|one| folder.result(one)).collect();
        let results = results?;
        let Some(set) = results.iter().flatten().map(|one| one.set.clone()).next() else {
            continue;
        };
        if trial == cell.trial {
            return Ok(Cell { set, ..cell.clone() });
        }
        let scores: Option<Vec<f64>> = results.iter().map(|one| one.as_ref()?.score()).collect();
        let score = scores.map(|all| all.iter().sum::<f64>() / all.len().max(1) as f64);
        let ended = results.iter().all(|one| one.as_ref().is_some_and(CellResult::ended));
        tried.push(Tried { trial, set, score, ended });
    }
    Ok(Cell { set: proposer.propose(cell.trial, &tried), ..cell.clone() })
}
