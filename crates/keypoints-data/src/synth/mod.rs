//! Drawn faces whose keypoints are known exactly.
//!
//! For tests, benchmarks and a first try without the competition's files. An ellipsoid head is turned
//! in space, the parts of the face lie on its skin, and both the picture and the labels follow from the
//! same geometry. Pictures and labels have the habits of the real files: two label regimes, gaps,
//! repeated pictures, and means and spreads of the coordinates like theirs.

mod config;
mod draw;
mod face;
mod features;
mod files;
mod generate;
mod head;
mod paint;
mod person;

pub use config::SynthConfig;
pub use face::{FOUR_POINT_OFFSETS, SyntheticFace, face, face_in_regime};
pub use files::{SynthError, write_files};
pub use generate::{SyntheticSet, generate};

#[cfg(test)]
mod tests;
