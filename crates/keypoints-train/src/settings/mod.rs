//! Settings as JSON: reading them, changing them at dotted paths, comparing them.
//!
//! Settings may be written as changes to a recipe, and fields that there are not are refused at every depth:
//!
//! ```
//! use keypoints_train::TrainConfig;
//! use keypoints_train::settings::{Parameters, assign};
//!
//! let base = TrainConfig::from_json(r#"{ "preset": "fast", "epochs": 8 }"#)?;
//! let config = assign(&base, &Parameters::from([("augment.rotation".to_owned(), 10.into())]))?;
//! assert_eq!((config.epochs, config.augment.rotation), (8, 10.0));
//! # Ok::<(), keypoints_train::settings::SettingsError>(())
//! ```

mod assign;
mod error;
mod merge;
mod older;
mod over_preset;
mod parameters;
mod path;
mod read;

pub use assign::assign;
pub use error::SettingsError;
pub(crate) use older::config_of_older;
pub use parameters::{Parameters, describe, short};
pub use path::{first_difference, to_json};
pub use read::read_settings;

#[cfg(test)]
mod tests;
