//! Drawn faces whose keypoints are known exactly.
//!
//! For tests, benchmarks and a first try without the competition's files. An ellipsoid head is turned
//! in space, the parts of the face lie on its skin, and both the picture and the labels follow from the
//! same geometry. Pictures and labels have the habits of the real files: two label sources, gaps,
//! repeated pictures, and means and spreads of the coordinates like theirs.

mod config;
mod draw;
mod face;
mod features;
mod files;
mod generate;
mod group_photo;
mod head;
mod paint;
mod person;
mod scenery;

pub use config::SynthConfig;
pub use face::{FOUR_POINT_OFFSETS, SyntheticFace, face, face_of_source};
pub use files::{SynthError, write_files};
pub use generate::{SyntheticSet, generate};
pub use group_photo::{GroupFace, GroupPhoto, group_photo};
pub use scenery::scenery;

use keypoints_core::kaggle15;

/// Width and height of a drawn face in pixels.
const SIDE: usize = kaggle15::SHAPE.side;
/// Pixels of a drawn face.
const PIXELS: usize = kaggle15::SHAPE.bytes();
/// Points of a drawn face: those of the schema `kaggle-15`.
const KEYPOINTS: usize = 15;

#[cfg(test)]
mod tests;
