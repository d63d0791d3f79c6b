//! A run on disk: a folder that explains itself.

mod checkpoint;
mod folder;
mod metrics_log;
mod model;
mod predictions;
mod record;

pub(crate) use checkpoint::{Checkpoints, Index};
pub use folder::RunFolder;
pub use folder::has_results;
pub(crate) use folder::{read_json, write_file, write_json};
pub use metrics_log::EpochRecord;
pub(crate) use metrics_log::MetricsLog;
pub use model::ModelRecord;
pub(crate) use model::are_points;
pub use predictions::{HeldOutPredictions, HeldOutRow};
pub use record::{DataRecord, RunRecord};
