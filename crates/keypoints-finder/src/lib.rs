//! Faces on whole photos: a small finder with its networks in the box, YuNet with weights from your own file, and a trait for others.
//!
//! ```
//! use keypoints_finder::{CascadeFinder, Device, FaceFinder};
//! use keypoints_image::{Picture, image::DynamicImage};
//!
//! let finder = CascadeFinder::pretrained(&Device::flex())?;
//! let photo = Picture::from_image(DynamicImage::new_luma8(320, 240))?;
//! for face in finder.find(&photo)? {
//!     println!("a face of {:.0} pixels, score {:.2}", face.crop.side, face.score);
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A finder of your own:
//!
//! ```
//! use keypoints_core::Crop;
//! use keypoints_finder::{FaceFinder, FinderError, FoundFace};
//! use keypoints_image::{Picture, image::DynamicImage};
//!
//! /// Takes every picture for one face in the middle.
//! #[derive(Debug)]
//! struct Middle;
//!
//! impl FaceFinder for Middle {
//!     fn find(&self, picture: &Picture) -> Result<Vec<FoundFace>, FinderError> {
//!         let [width, height] = [picture.width(), picture.height()].map(f64::from);
//!         let crop = Crop::upright([(width - 1.0) / 2.0, (height - 1.0) / 2.0], width.min(height));
//!         Ok(vec![FoundFace { crop, score: 0.5 }])
//!     }
//! }
//!
//! let picture = Picture::from_image(DynamicImage::new_luma8(320, 240))?;
//! let found = Middle.find(&picture)?;
//! assert_eq!(found[0].crop, Crop::upright([159.5, 119.5], 240.0));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

// The GPU backends nest their types deeply.
#![recursion_limit = "256"]

mod answer;
mod cascade;
mod error;
mod evidence;
mod face_finder;
mod keep_best;
pub mod networks;
pub mod planes;
pub mod search;
#[cfg(feature = "yunet")]
mod yunet;

pub use answer::Answer;
pub use burn::tensor::Device;
pub use cascade::CascadeFinder;
pub use error::FinderError;
pub use face_finder::{FaceFinder, FoundFace};
pub use keep_best::keep_best;
pub use networks::FinderFileError;
#[cfg(feature = "yunet")]
pub use yunet::{YuNet, YuNetFace, YuNetFault, YuNetFileError};
