//! Watching a study.

use keypoints_train::{NoObserver, TrainObserver};

use super::cell::Cell;
use super::result::CellResult;

/// What a process is about to do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StudySession {
    /// Cells of the whole study.
    pub cells: usize,
    /// Cells that this process trains.
    pub own: usize,
}

/// Is told how a study goes on, and how the training of each cell does. Every method may stay empty.
///
/// ```
/// use keypoints_study::{CellResult, StudyObserver};
/// use keypoints_train::TrainObserver;
///
/// struct Plain;
///
/// impl TrainObserver for Plain {}
///
/// impl StudyObserver for Plain {
///     fn on_result(&mut self, result: &CellResult) {
///         println!("{} fold {}: {:?} px", result.name, result.fold, result.score());
///     }
/// }
/// ```
pub trait StudyObserver: TrainObserver {
    /// The study starts, or goes on where an earlier process stopped.
    fn on_study(&mut self, _session: &StudySession) {}
    /// A cell begins, the `number`-th (from 1) of this process.
    fn on_cell(&mut self, _number: usize, _cell: &Cell) {}
    /// A cell has its result, from this process or from an earlier one.
    fn on_result(&mut self, _result: &CellResult) {}
}

impl StudyObserver for NoObserver {}
