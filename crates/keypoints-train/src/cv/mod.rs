//! One set of settings on every fold, and what it says of faces that it never saw.
//!
//! ```text
//! cv.json             settings, folds and data
//! folds/fold_1/ …     an ordinary run folder per fold, and its result.json
//! predictions.csv     out-of-fold predictions: every row that a finished fold has held out
//! scores.json, .md    scores per fold and over all of these rows
//! ```
//!
//! A killed cross-validation goes on where it stopped. Some of its folds can be trained now and others later, or by
//! another process: the fold is the unit of work.
//!
//! ```
//! use burn::tensor::Device;
//! use keypoints_data::synth::{SynthConfig, generate};
//! use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
//! use keypoints_train::cv::{CrossValidation, CvConfig};
//! use keypoints_train::{NoObserver, TrainConfig};
//!
//! let faces = generate(&SynthConfig { training: 40, test: 1, ..Default::default() }).training;
//! let tiny = SimpleCnnConfig { channels: [2, 2, 2], hidden: 4, image_side: 48, ..Default::default() };
//! let train = TrainConfig { network: NetworkConfig::SimpleCnn(tiny), epochs: 1, ..Default::default() };
//! let config = CvConfig { train, folds: 2, ..Default::default() };
//! let folder = tempfile::tempdir()?;
//!
//! let cv = CrossValidation::new(&faces, config);
//! let report = cv.run(folder.path(), &Device::flex(), &mut NoObserver)?;
//! println!("{}", report.to_markdown());
//! assert_eq!((report.folds.len(), report.rows), (2, 40));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod config;
mod folder;
mod report;
mod run;
mod table;

pub use config::CvConfig;
pub use folder::{CvFolder, CvRecord};
pub use report::CvReport;
pub(crate) use report::Pool;
pub use run::CrossValidation;
