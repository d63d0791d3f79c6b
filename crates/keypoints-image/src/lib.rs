//! Picture files as pixels: opened upright and within limits, cut or resized to the squares that networks take.
//!
//! ```
//! use keypoints_core::{Crop, PictureShape};
//! use keypoints_image::Picture;
//!
//! # let folder = tempfile::tempdir()?;
//! # let path = folder.path().join("face.png");
//! # image::RgbImage::from_pixel(64, 48, image::Rgb([200, 100, 0])).save(&path)?;
//! let picture = Picture::open(&path)?; // errors name the file and what is wrong with it
//! assert_eq!((picture.width(), picture.height()), (64, 48));
//! // A square of 32×32 pixels around the middle, as a grey picture of 16×16.
//! let crop = Crop::upright([31.5, 23.5], 32.0);
//! assert_eq!(picture.cut(&crop, PictureShape::grey(16)).len(), 16 * 16);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! [`Picture::open`] is the only way from a picture file to pixels in this workspace. It reads PNG, JPEG, WebP, BMP and the first frame of
//! a GIF, whatever the file is called. [`Y4mFrames`] reads uncompressed video, frame by frame.

mod cut;
mod cut_turned;
mod error;
mod exif;
mod jpeg;
mod open;
mod picture;
mod quarter_turn;
mod resize;
mod y4m;

pub use error::{PictureError, PictureFault, shown};
pub use image;
pub use open::LARGEST_PICTURE;
pub use picture::Picture;
pub use resize::Resized;
pub use y4m::{Y4mError, Y4mFault, Y4mFrames};
