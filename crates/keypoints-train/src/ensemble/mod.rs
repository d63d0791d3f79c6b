//! Several runs that answer as one.
//!
//! ```text
//! ensemble.json       the members' run folders (relative to this one), and how their answers are combined
//! members/            copies of them, where copies were asked for: the folder can then go anywhere
//! predictions.csv     out-of-fold answers of the ensemble
//! scores.json, .md    scores of the members and of the ensemble on the same faces
//! ```
//!
//! A member is one run, or a cross-validation whose folds answer together, each as much as the others. Out of fold,
//! a member answers a row by the one run that held it out, never by one that was trained on it; rows that some member
//! has not held out are not scored.
//!
//! All of them can be made to [look](crate::Looks) at a face more often than they did when they were trained, and are then asked anew:
//! also a way to score a single cross-validation that way.
//!
//! The answers of the members are [combined](Combine) by their mean, or by weights that were fitted on out-of-fold
//! answers. An ensemble by mean can be written by hand:
//!
//! ```json
//! { "members": [{ "name": "a", "runs": ["../a"] }, { "name": "b", "runs": ["../b"] }], "combine": { "kind": "mean" } }
//! ```
//!
//! ```
//! use burn::tensor::Device;
//! use keypoints_data::synth::{SynthConfig, generate};
//! use keypoints_data::hold_out;
//! use keypoints_models::{NetworkConfig, simple_cnn::SimpleCnnConfig};
//! use keypoints_train::ensemble::{EnsembleConfig, build};
//! use keypoints_train::{AnyPredictor, KeypointPredictor, NoObserver, RunFolder, TrainConfig, Training, Which};
//!
//! let faces = generate(&SynthConfig { training: 40, test: 3, ..Default::default() });
//! let split = hold_out(&faces.training, 0.2, 7)?;
//! let tiny = SimpleCnnConfig { channels: [2, 2, 2], hidden: 4, image_side: 48, ..Default::default() };
//! let (place, device) = (tempfile::tempdir()?, Device::flex());
//! let mut config = EnsembleConfig::default();
//! for seed in [1, 2] {
//!     let network = NetworkConfig::SimpleCnn(tiny.clone());
//!     let train = TrainConfig { network, epochs: 1, seed, ..Default::default() };
//!     let run = RunFolder::new(place.path().join(seed.to_string()));
//!     Training::new(&faces.training, split.clone(), train).run(&run, &device, &mut NoObserver)?;
//!     config.members.push(run.path().to_owned());
//! }
//!
//! let folder = place.path().join("both");
//! let report = build(&config, &folder, &faces.training, &device)?;
//! println!("{}", report.to_markdown());
//! let predictor = AnyPredictor::load(&folder, Which::Best, &device)?;
//! assert_eq!(predictor.predict_with(faces.test.images(), &mut |_| ())?.len(), 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod build;
mod copy;
mod fit;
mod member;
mod place;
mod predictor;
mod record;
mod report;
mod shared;
mod weights;

pub use build::{EnsembleConfig, build, build_with};
pub use predictor::Ensemble;
pub use record::{Combine, EnsembleRecord, FitRecord, MemberRecord};
pub use report::{EnsembleReport, EnsembleScore};
pub use weights::Weights;
