//! Experiments with facial-keypoint networks: comparisons, cross-validation, searches, ensembles.
//!
//! A [`Study`] is a base config, what is varied, folds and seeds. One engine trains its cells into one folder, goes on where it was
//! killed, shares cells out among processes and makes one table:
//!
//! ```
//! use burn::tensor::Device;
//! use keypoints_data::synth::{SynthConfig, generate};
//! use keypoints_study::{Share, Study, StudyConfig};
//! use keypoints_train::NoObserver;
//!
//! let study = StudyConfig::from_json(r#"{
//!     "base": { "network": { "network": "simple_cnn", "channels": [2, 2, 2], "hidden": 4 }, "epochs": 1 },
//!     "changes": [{ "name": "masked", "set": { "strategy": { "strategy": "masked" } } }],
//!     "folds": 3, "folds_run": 1, "seeds": [1]
//! }"#)?;
//! let faces = generate(&SynthConfig { training: 40, test: 1, ..Default::default() }).training;
//! let folder = tempfile::tempdir()?;
//! let device = Device::flex();
//! let summary = Study::new(&faces, study).run(folder.path(), Share::default(), &device, &mut NoObserver)?;
//! println!("{}", summary.to_markdown());
//! assert_eq!((summary.rows.len(), summary.effects.len()), (2, 1));
//!
//! // A search tries values instead; its best settings are those of the lowest score.
//! let search = StudyConfig::from_json(r#"{
//!     "base": { "network": { "network": "simple_cnn", "channels": [2, 2, 2], "hidden": 4 }, "epochs": 1 },
//!     "grid": { "learning_rate": { "values": [1e-4, 1e-2] } },
//!     "validation": 0.2
//! }"#)?;
//! let folder = tempfile::tempdir()?;
//! let summary = Study::new(&faces, search).run(folder.path(), Share::default(), &device, &mut NoObserver)?;
//! let best = summary.best().ok_or("no trial is finished")?;
//! println!("{:?}: {:?} px", best.set, best.score());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | item | what it holds |
//! | --- | --- |
//! | [`StudyConfig`] | a study file: base, changes, grid or samples, folds, seeds |
//! | [`Study`], [`StudyFolder`] | the engine, and where its files lie |
//! | [`Summary`] | one row per trial; what each change brings, with its standard error |
//! | [`cv`] | what the folds of a cross-validation say together |
//! | [`ensemble`] | averaging the predictions of several runs |
//! | [`AnyPredictor`] | predicting from a run, a cross-validation, an ensemble or a model file |

// The GPU backends nest their types deeply.
#![recursion_limit = "256"]

mod calibration;
pub mod cv;
mod effect;
pub mod ensemble;
mod error;
mod kind;
mod mean;
mod measures;
mod predictor;
mod scores;
mod search;
mod study;
mod summary;
mod table;
mod text;

pub use calibration::{CalibrationReport, CheckedPoint, Coverage};
pub use effect::Effect;
pub use error::StudyError;
pub use kind::FolderKind;
pub use mean::MeanStd;
pub use predictor::AnyPredictor;
pub use scores::{Influence, SCORE, Scores};
pub use search::{Change, Method, Samples, Space, Spaces};
pub use study::{
    Cell, CellResult, Share, State, Study, StudyConfig, StudyFolder, StudyObserver, StudyRecord,
    StudySession,
};
pub use summary::{Summary, SummaryRow};
