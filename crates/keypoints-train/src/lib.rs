//! From labelled faces to a trained network: batches, masked loss, metrics, one training loop, run folders
//! and prediction.
//!
//! A run is a folder that explains itself. [`Training`] starts it or takes up where a killed process left
//! off, [`Predictor`] answers from it:
//!
//! ```
//! use burn::tensor::Device;
//! use keypoints_data::synth::{SynthConfig, generate};
//! use keypoints_data::hold_out;
//! use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
//! use keypoints_train::{NoObserver, Predictor, RunFolder, TrainConfig, Training, Which};
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
//! let predictor = Predictor::load(&run, Which::Best, &device)?;
//! let keypoints = predictor.predict(faces.test.images())?;
//! assert_eq!(keypoints.len(), 4);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! | module | what it holds |
//! | --- | --- |
//! | [`strategy`] | what to do about missing labels: which rows, which targets, which coordinates |
//! | [`study`] | strategies × networks × folds × seeds in one table |
//! | [`cv`] | one set of settings on every fold, and what it says of faces that it never saw |
//! | [`ensemble`] | several runs that answer as one |
//! | [`hygiene`] | rows whose labels are probably wrong |
//! | [`sweep`] | many runs in search of good settings |
//! | [`augment`] | faces and keypoints moved, bent and dimmed on the device |
//! | [`looks`] | several looks at a face for one answer |
//! | [`metrics`] | squared errors counted label by label, and the scores made from them |
//! | [`Training`] | the one training loop |
//! | [`RunFolder`] | config, metrics and checkpoints on disk |
//! | [`Predictor`], [`AnyPredictor`] | coordinates for new faces |

// The GPU backends nest their types deeply.
#![recursion_limit = "256"]

mod config;
mod csv;
pub mod cv;
mod device;
mod down_weight;
pub mod ensemble;
mod error;
mod faces;
mod fused_adam;
pub mod hygiene;
mod label_shift;
pub mod looks;
mod loss;
mod markdown;
pub mod metrics;
mod model_file;
mod muon;
mod optimizer;
mod outputs;
mod precision;
mod predict;
mod predictor;
mod preset;
mod progressive;
mod replace;
mod run;
mod schedule;
mod seed;
mod spread;
pub mod strategy;
pub mod study;
mod suspicious;
pub mod sweep;
mod targets;
mod training;

pub use config::TrainConfig;
pub use device::{DEVICE_NAMES, describe_device, parse_device};
pub use down_weight::DownWeight;
pub use error::TrainError;
pub use faces::DeviceImages;
pub use keypoints_augment as augment;
pub use label_shift::LabelShift;
pub use looks::Looks;
pub use loss::{LossConfig, heat_map_kl, masked_mse, masked_smooth_l1, masked_wing};
pub use optimizer::OptimizerConfig;
pub use outputs::Outputs;
pub use precision::Precision;
pub use predict::{Predictor, Which};
pub use predictor::{AnyPredictor, KeypointPredictor};
pub use progressive::Progressive;
pub use run::{
    DataRecord, EpochRecord, FolderKind, HeldOutPredictions, HeldOutRow, ModelRecord, RunFolder,
    RunRecord,
};
pub use schedule::Schedule;
pub use spread::KeypointSpreads;
pub use targets::Targets;
pub use training::{
    InitialWeights, ModelOutcome, NoObserver, Outcome, StepInfo, StopReason, TrainObserver,
    TrainSession, Training,
};
