//! Ensembles: averaging the predictions of several runs.
//!
//! ```text
//! ensemble.json       the members' run folders, relative to this one
//! members/            copies of them, where copies were asked for: the folder can then go anywhere
//! predictions.csv     out-of-fold predictions of the ensemble
//! scores.json, .md    scores of the members and of the ensemble on the same faces
//! ```
//!
//! A member is one run, or a cross-validation whose folds are averaged. All members count alike. Out of fold, a row is predicted by
//! the run of a member that held it out, never by one that was trained on it; rows that some member has not held out are not scored.
//!
//! All runs can be given another [test-time augmentation](keypoints_predict::TestTimeAugmentation) and then predict anew: also a way to
//! score a single cross-validation with it.
//!
//! `ensemble.json` can be written by hand:
//!
//! ```json
//! { "members": [{ "name": "a", "runs": ["../a"] }, { "name": "b", "runs": ["../b"] }] }
//! ```
//!
//! ```
//! use burn::tensor::Device;
//! use keypoints_data::synth::{SynthConfig, generate};
//! use keypoints_core::hold_out;
//! use keypoints_study::AnyPredictor;
//! use keypoints_study::ensemble::{EnsembleConfig, build};
//! use keypoints_predict::KeypointPredictor;
//! use keypoints_train::{Checkpoint, NoObserver, RunFolder, TrainConfig, Training};
//!
//! let faces = generate(&SynthConfig { training: 40, test: 3, ..Default::default() });
//! let split = hold_out(&faces.training, 0.2, 7)?;
//! let (place, device) = (tempfile::tempdir()?, Device::flex());
//! let mut config = EnsembleConfig::default();
//! for seed in [1, 2] {
//!     let text = r#"{ "network": { "network": "simple_cnn", "channels": [2, 2, 2], "hidden": 4 }, "epochs": 1 }"#;
//!     let train = TrainConfig { seed, ..TrainConfig::from_json(text)? };
//!     let run = RunFolder::new(place.path().join(seed.to_string()));
//!     Training::new(&faces.training, split.clone(), train).run(&run, &device, &mut NoObserver)?;
//!     config.members.push(run.path().to_owned());
//! }
//!
//! let folder = place.path().join("both");
//! let report = build(&config, &folder, &faces.training, &device, &mut |_, _| ())?;
//! println!("{}", report.to_markdown());
//! let predictor = AnyPredictor::load(&folder, Checkpoint::Best, &device)?;
//! assert_eq!(predictor.predict_with(faces.test.pictures(), &mut |_| ())?.len(), 3);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod build;
mod member;
mod place;
mod record;
mod scores;

pub use build::{EnsembleConfig, build};
pub use record::{EnsembleRecord, MemberRecord};
pub use scores::{EnsembleReport, EnsembleScore};
