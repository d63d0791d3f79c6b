//! A user's own picture as a face the networks understand.

use std::path::{Path, PathBuf};

use anyhow::Context;
use image::GrayImage;
use image::imageops::FilterType;
use keypoints_data::{IMAGE_SIDE, Labels, Point};

/// A picture of any size, to be taken as one face crop.
///
/// It is squeezed to 96×96 as a whole: crop it to the face first, roughly from above the eyebrows to below
/// the chin, as the competition's pictures are.
///
/// ```
/// use keypoints_cli::Photo;
/// use keypoints_data::Point;
///
/// let photo = Photo::from_gray("me.png".into(), image::GrayImage::new(192, 96));
/// assert_eq!(photo.face().len(), 96 * 96);
/// // The centre of the face's pixel 0 lies between the photo's pixels 0 and 1.
/// assert_eq!(photo.to_photo(Point { x: 0.0, y: 0.0 }), Point { x: 0.5, y: 0.0 });
/// ```
#[derive(Clone, Debug)]
pub struct Photo {
    path: PathBuf,
    gray: GrayImage,
}

impl Photo {
    /// Reads a PNG or JPEG file and turns it grey.
    ///
    /// # Errors
    /// If the file cannot be read or is no such picture.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let picture = image::ImageReader::open(path)
            .with_context(|| format!("{}: cannot read", path.display()))?
            .with_guessed_format()
            .with_context(|| format!("{}: cannot read", path.display()))?
            .decode()
            .with_context(|| format!("{}: a PNG or JPEG picture expected", path.display()))?;
        Ok(Self { path: path.to_owned(), gray: picture.into_luma8() })
    }

    /// Takes a grey picture that is in memory; the path only names it.
    pub fn from_gray(path: PathBuf, gray: GrayImage) -> Self {
        Self { path, gray }
    }

    /// The file that it was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The grey picture in its own size.
    pub fn gray(&self) -> &GrayImage {
        &self.gray
    }

    /// The picture as a 96×96 face, row by row.
    pub fn face(&self) -> Vec<u8> {
        let side = IMAGE_SIDE as u32;
        if self.gray.dimensions() == (side, side) {
            return self.gray.as_raw().clone();
        }
        // Triangle widens with the shrinking factor, so large photos do not alias.
        image::imageops::resize(&self.gray, side, side, FilterType::Triangle).into_raw()
    }

    /// A place on the 96×96 face as a place on the photo.
    pub fn to_photo(&self, point: Point) -> Point {
        let (width, height) = self.gray.dimensions();
        // Pixel centres are integers on both sides, so the borders lie half a pixel further out.
        let map = |value: f32, size: u32| (value + 0.5) * size as f32 / IMAGE_SIDE as f32 - 0.5;
        Point { x: map(point.x, width), y: map(point.y, height) }
    }

    /// All points of a face as places on the photo.
    pub fn labels_to_photo(&self, face: &Labels) -> Labels {
        let mut labels = Labels::default();
        for (keypoint, point) in face.points() {
            labels.set_point(keypoint, self.to_photo(point));
        }
        labels
    }
}
