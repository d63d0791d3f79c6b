//! One engine for experiments: cells trained, resumed, shared out and scored.

mod cell;
mod cells;
mod config;
mod folder;
mod observer;
mod result;
mod run;
mod share;
mod trainer;

pub use cell::Cell;
pub use config::StudyConfig;
pub use folder::{StudyFolder, StudyRecord};
pub use observer::{StudyObserver, StudySession};
pub use result::{CellResult, State};
pub use run::Study;
pub use share::Share;

#[cfg(test)]
mod tests;
