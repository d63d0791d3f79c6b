//! Searching for good settings: many runs over any fields of [`TrainConfig`](crate::TrainConfig).
//!
//! A sweep is a JSON file:
//!
//! ```json
//! {
//!   "base": { "epochs": 8, "optimizer": { "kind": "adam_w" } },
//!   "parameters": {
//!     "learning_rate": { "log_uniform": [1e-4, 1e-2] },
//!     "optimizer.beta_1": { "uniform": [0.5, 0.95] },
//!     "batch_size": { "integer": [8, 64] },
//!     "schedule": { "values": [{ "kind": "constant" }, { "kind": "cosine", "warmup": 0.1 }] }
//!   },
//!   "search": { "method": "tpe", "trials": 20, "startup": 8 },
//!   "seed": 1,
//!   "validation": 0.2
//! }
//! ```
//!
//! | field | what it holds |
//! | --- | --- |
//! | `base` | a training config; what is left out has its default, or what the recipe has that `preset` names: `{ "preset": "fast", "epochs": 8 }` |
//! | `parameters` | dotted path into the config's JSON → [`Space`]: which values it takes. `network.channels.0` is the first entry of a list. The path must exist in `base` with its defaults filled in. Another network or optimizer takes the learning rate along, unless that is one of them, as [`TrainConfig::with_optimizer`](crate::TrainConfig::with_optimizer) says |
//! | `search` | a [`Search`]: `grid`, `random` or `tpe` |
//! | `seed` | decides the held-out faces and the random numbers of the search (default 42); the seed of the training is `base.seed` |
//! | `validation` | share of the faces held out, the same ones for every trial (default 0.2) |
//!
//! [`SweepFile`] reads and checks it, [`Sweep`] runs it into a [`SweepFolder`]. What a trial does is behind
//! [`TrialRunner`]; [`TrainTrials`] is the one that trains:
//!
//! ```
//! use burn::tensor::Device;
//! use keypoints_data::synth::{SynthConfig, generate};
//! use keypoints_train::NoObserver;
//! use keypoints_train::sweep::{Shard, Sweep, SweepFile, SweepFolder, TrainTrials};
//!
//! let file = SweepFile::parse(r#"{
//!     "base": {
//!         "network": { "network": "simple_cnn", "channels": [2, 2, 2], "hidden": 4 },
//!         "epochs": 1
//!     },
//!     "parameters": { "learning_rate": { "values": [1e-4, 1e-2] } },
//!     "search": { "method": "grid" }
//! }"#)?;
//! let faces = generate(&SynthConfig { training: 60, test: 1, ..Default::default() }).training;
//! let mut trials = TrainTrials::new(&faces, &file, &Device::flex())?;
//! let place = tempfile::tempdir()?;
//! let folder = SweepFolder::new(place.path().join("sweep"));
//!
//! let sweep = Sweep::new(file, &faces)?;
//! let results = sweep.run(&folder, Shard::default(), &mut trials, &mut NoObserver)?;
//! assert_eq!(results.trials.len(), 2);
//! println!("{}", results.to_markdown());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod assign;
mod check;
mod error;
mod file;
mod folder;
mod observer;
mod parzen;
mod path;
mod results;
mod run;
mod runner;
mod search;
mod shard;
mod space;
mod trial;

pub(crate) use assign::assign;
pub use error::SweepError;
pub use file::SweepFile;
pub(crate) use file::to_json;
pub use folder::{SweepFolder, SweepRecord};
pub use observer::{SweepObserver, SweepSession};
pub(crate) use path::{first_lost, join};
pub use results::SweepResults;
pub use run::Sweep;
pub use runner::{TrainTrials, TrialOutcome, TrialRunner};
pub use search::Search;
pub use shard::Shard;
pub use space::Space;
pub use trial::{Parameters, TrialRecord, TrialState};
