//! A user's own picture file.

use std::path::{Path, PathBuf};

use anyhow::Context;
use image::DynamicImage;
use keypoints_detect::FacePicture;
use keypoints_image::Picture;

/// A picture file of one face.
///
/// ```
/// use keypoints_cli::Photo;
///
/// let photo = Photo::new("me.png".into(), image::DynamicImage::new_luma8(192, 96))?;
/// assert_eq!(photo.picture().picture().width(), 192);
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Photo {
    path: PathBuf,
    picture: FacePicture,
}

impl Photo {
    /// Opens a picture file: see [`Picture::open`].
    ///
    /// # Errors
    /// If the file cannot be read or is no such picture.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        Self::new(path.to_owned(), Picture::open(path)?.into_image())
    }

    /// Takes a picture that is in memory; the path only names it.
    ///
    /// # Errors
    /// If it has no pixels.
    pub fn new(path: PathBuf, picture: DynamicImage) -> anyhow::Result<Self> {
        let picture = FacePicture::new(picture).with_context(|| format!("{}", path.display()))?;
        Ok(Self { path, picture })
    }

    /// The file that it was read from.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What is on it.
    pub fn picture(&self) -> &FacePicture {
        &self.picture
    }
}
