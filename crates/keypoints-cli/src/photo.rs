//! A user's own picture file.

use std::path::{Path, PathBuf};

use anyhow::Context;
use image::{DynamicImage, ImageDecoder};
use keypoints_detect::FacePicture;

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
    /// Reads a PNG or JPEG file, turns it upright as its EXIF data says.
    ///
    /// # Errors
    /// If the file cannot be read or is no such picture.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let no_picture = || format!("{}: a PNG or JPEG picture expected", path.display());
        let mut decoder = image::ImageReader::open(path)
            .with_context(|| format!("{}: cannot read", path.display()))?
            .with_guessed_format()
            .with_context(|| format!("{}: cannot read", path.display()))?
            .into_decoder()
            .with_context(no_picture)?;
        // Telephones store what the sensor saw and note which side is up.
        let orientation = decoder.orientation().with_context(no_picture)?;
        let mut picture = DynamicImage::from_decoder(decoder).with_context(no_picture)?;
        picture.apply_orientation(orientation);
        Self::new(path.to_owned(), picture)
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
