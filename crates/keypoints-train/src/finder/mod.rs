//! Training of a face finder: the networks of [`CascadeFinder`](keypoints_finder::CascadeFinder) from pictures of faces and pictures without
//! any.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `training.rs` | rounds and their folder, [`FinderTraining`] |
//! | `config.rs` | settings, [`FinderConfig`] |
//! | `faces.rs` | where faces lie on their pictures, [`Face`] |
//! | `draw.rs`, `light.rs` | windows to learn from |
//! | `learn.rs` | one round of one network |
//! | `mine.rs` | windows that a network takes for faces and that are none |

mod config;
mod draw;
mod faces;
mod learn;
mod light;
mod mine;
mod training;

pub use config::{FinderConfig, RoundsConfig};
pub use faces::Face;
pub use training::{FinderProgress, FinderTraining};
