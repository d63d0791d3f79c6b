//! A run on disk: a folder that explains itself.

mod calibration;
mod checkpoint;
mod copy;
mod folder;
mod lock;
mod metrics_log;
mod model;
mod open;
mod predictions;
mod record;

pub(crate) use checkpoint::{Checkpoints, Index};
pub use folder::RunFolder;
pub use folder::has_results;
pub(crate) use folder::{read_json, write_json};
pub use lock::RunLock;
pub use metrics_log::EpochRecord;
pub(crate) use metrics_log::MetricsLog;
pub(crate) use model::{open_record, record_of};
pub(crate) use open::load_model;
pub use open::save_model;
pub use predictions::{HeldOutPredictions, HeldOutRow};
pub use record::{DataRecord, RunRecord};
