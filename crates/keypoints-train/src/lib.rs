//! From labelled pictures to a trained network: batches, masked losses, one training loop, run folders.
//!
//! A run is a folder that explains itself. [`Training`] starts it or takes up where a killed process left
//! off, [`RunFolder::predictor`] loads its network:
//!
//! ```
//! use burn::tensor::Device;
//! use keypoints_data::synth::{SynthConfig, generate};
//! use keypoints_core::hold_out;
//! use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
//! use keypoints_train::{Checkpoint, NoObserver, RunFolder, TrainConfig, Training};
//!
//! let faces = generate(&SynthConfig { training: 60, test: 4, ..Default::default() });
//! let split = hold_out(&faces.training, 0.2, 7)?;
//! let network = SimpleCnnConfig { channels: [2, 4, 4], hidden: 8, ..Default::default() };
//! let config = TrainConfig { network: NetworkConfig::SimpleCnn(network), epochs: 1, ..Default::default() };
//! let folder = tempfile::tempdir()?;
//! let run = RunFolder::new(folder.path().join("first"));
//! let device = Device::flex();
//!
//! let outcome = Training::new(&faces.training, split, config).run(&run, &device, &mut NoObserver)?;
//! println!("validation RMSE {:?} px", outcome.report.and_then(|report| report.rmse));
//!
//! let predictor = run.predictor(Checkpoint::Best, &device)?;
//! let keypoints = predictor.predict(faces.test.pictures())?;
//! assert_eq!(keypoints.len(), 4);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`strategy`] | what to do about missing labels: which rows, which targets, which coordinates |
//! | [`augment`] | faces and keypoints moved, bent and dimmed on the device |
//! | [`Training`] | the one training loop |
//! | [`RunFolder`] | config, metrics and checkpoints on disk |
//! | [`label_errors`] | rows whose labels are probably wrong, by what a network says that never saw them |
//! | [`settings`] | settings as JSON: recipes, dotted paths, differences |
//! | [`files`] | whole files, with errors that name them |
//!
//! Cross-validations, comparisons, sweeps and ensembles of runs are in `keypoints-study`.

// The GPU backends nest their types deeply.
#![recursion_limit = "256"]

mod checkpoint;
mod config;
mod device;
mod down_weight;
mod error;
pub mod files;
pub mod finder;
mod fused_adam;
pub mod label_errors;
mod label_shift;
mod loss;
mod muon;
mod optimizer;
mod precision;
mod preset;
mod replace;
mod run;
mod schedule;
mod seed;
pub mod settings;
pub mod strategy;
mod targets;
mod training;
mod units;

pub use checkpoint::Checkpoint;
pub use config::TrainConfig;
pub use device::{DEVICE_NAMES, describe_device, parse_device};
pub use down_weight::DownWeight;
pub use error::TrainError;
pub use keypoints_augment as augment;
pub use label_shift::LabelShift;
pub use loss::{LossConfig, heat_map_kl, masked_mse, masked_smooth_l1, masked_wing};
pub use optimizer::OptimizerConfig;
pub use precision::Precision;
pub use run::{
    DataRecord, EpochRecord, HeldOutPredictions, HeldOutRow, RunFolder, RunLock, RunRecord,
    has_results, save_model,
};
pub use schedule::Schedule;
pub use targets::Targets;
pub use training::{
    InitialWeights, ModelOutcome, NoObserver, Outcome, StepInfo, StopReason, TrainObserver,
    TrainSession, Training,
};
pub use units::CoordinateUnits;
