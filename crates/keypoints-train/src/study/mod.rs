//! Strategies × networks × folds × seeds, trained alike and compared in one table.
//!
//! ```text
//! study.json                                  what is compared, and on which data
//! cells/masked/simple_cnn/fold-1-seed-42/     an ordinary run folder per cell, and its result.json
//! comparison.md, .csv, .json                  one row per strategy and network, over folds and seeds
//! ```
//!
//! Or a recipe and changes to it ([`Idea`]), each against the recipe on the same folds and seeds.
//!
//! A killed study goes on where it stopped: cells with a `result.json` are not touched again, the unfinished
//! one resumes from its last epoch.

mod cell;
mod config;
mod idea;
mod notebook;
mod run;
mod summary;
mod table;

pub use cell::{Cell, CellResult, Influence};
pub use config::StudyConfig;
pub use idea::{Effect, Idea};
pub use notebook::notebook_score;
pub use run::{Study, StudyObserver};
pub(crate) use run::{cut, read_result, run_cell};
pub use summary::{Spread, Summary, SummaryRow};
