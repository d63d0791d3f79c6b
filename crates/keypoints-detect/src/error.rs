//! What can go wrong between a picture and its keypoints.

use keypoints_core::{Crop, Region};
use keypoints_finder::{FinderError, FinderFileError};
use keypoints_image::Picture;
use keypoints_predict::PredictError;

/// A picture whose points cannot be found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DetectError {
    /// The model could not be opened, or the device failed.
    #[error(transparent)]
    Model(#[from] PredictError),
    /// The face finder failed.
    #[error(transparent)]
    Finder(#[from] FinderError),
    /// The networks of a face finder could not be opened.
    #[error(transparent)]
    FinderFile(#[from] FinderFileError),
    /// Faces were to be found without a finder.
    #[error(
        "this detector has no face finder; give it one with `with_built_in_finder`, or give the boxes of the faces to `find_in`"
    )]
    NoFinder,
    /// A box that cannot hold a face.
    #[error(
        "box {index} (left {}, top {}, right {}, bottom {}) is not on the photo of {width}×{height} pixels; a box needs finite edges, an \
         area, and a part of the photo in it",
        region.left, region.top, region.right, region.bottom
    )]
    BadRegion {
        /// Its index in the list, counted from 0.
        index: usize,
        /// The box.
        region: Region,
        /// The photo's width in pixels.
        width: u32,
        /// The photo's height in pixels.
        height: u32,
    },
    /// A crop that cannot hold a face.
    #[error(
        "crop {index} (middle {}, {}, side {}, roll {}) is not on the photo of {width}×{height} pixels; a crop needs finite numbers, a side \
         above 0, and a part of the photo in it",
        crop.centre[0], crop.centre[1], crop.side, crop.roll
    )]
    BadCrop {
        /// Its index in the list, counted from 0.
        index: usize,
        /// The crop.
        crop: Crop,
        /// The photo's width in pixels.
        width: u32,
        /// The photo's height in pixels.
        height: u32,
    },
}

impl DetectError {
    pub(crate) fn bad_region(index: usize, region: Region, photo: &Picture) -> Self {
        Self::BadRegion { index, region, width: photo.width(), height: photo.height() }
    }

    pub(crate) fn bad_crop(index: usize, crop: Crop, photo: &Picture) -> Self {
        Self::BadCrop { index, crop, width: photo.width(), height: photo.height() }
    }
}
