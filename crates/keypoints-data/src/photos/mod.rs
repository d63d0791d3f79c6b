//! From labelled photos to a dataset: every object cut out and brought to one size.
//!
//! ```
//! use keypoints_core::PictureShape;
//! use keypoints_data::annotations::{ReadOptions, find};
//! use keypoints_data::photos::{CutOptions, cut};
//!
//! # let folder = tempfile::tempdir()?;
//! # for name in ["a", "b"] {
//! #     keypoints_image::image::GrayImage::new(80, 60).save(folder.path().join(format!("{name}.png")))?;
//! #     std::fs::write(folder.path().join(format!("{name}.pts")), "21 11\n61 51\n")?;
//! # }
//! let found = find(folder.path(), None)?;
//! let annotations = found.format.read(&found.path, &ReadOptions::default())?;
//! let options = CutOptions { shape: PictureShape::grey(32), margin: 0.2, ..CutOptions::default() };
//! let crops = cut(&annotations, &options, &|_| ())?;
//! assert_eq!((crops.dataset.len(), crops.left_out.len()), (2, 0));
//! // The points' square has a side of 40 pixels, and 8 more on each of its sides.
//! assert_eq!(crops.crops[0].side, 56.0);
//! // Places on a crop go back to the photo.
//! let labels = crops.crops[0].labels_to_photo(options.shape, &crops.dataset.labels()[0]);
//! assert!((labels.points().next().ok_or("a point")?.1.x - 20.0).abs() < 1e-4);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod cache;
mod cut;
mod error;

pub use cache::cut_cached;
pub use cut::{Crops, CutOptions, DEFAULT_MARGIN, cut};
pub use error::{LARGEST_SHARE_LEFT_OUT, PhotoError};
