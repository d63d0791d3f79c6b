//! A run on disk: a folder that explains itself.

mod checkpoint;
mod folder;
mod kind;
mod metrics_log;
mod model;
mod predictions;
mod record;

pub(crate) use checkpoint::{Checkpoints, Index};
pub use folder::RunFolder;
pub(crate) use folder::{delete, has_results, read_json, write_file, write_json};
pub use kind::FolderKind;
pub use metrics_log::EpochRecord;
pub(crate) use metrics_log::MetricsLog;
pub use model::ModelRecord;
pub(crate) use model::{MOST_APART, are_points};
pub use predictions::{HeldOutPredictions, HeldOutRow};
pub(crate) use record::first_difference;
pub use record::{DataRecord, RunRecord};
