//! From a whole photo to the points of its faces.

use keypoints_core::{Crop, Labels, PictureShape, Pictures, Region, Source};
use keypoints_finder::FoundFace;
use keypoints_image::Picture;
use keypoints_predict::{KeypointPredictor, PredictError, Uncertainty};

use crate::align::Change;
use crate::detector::Detector;
use crate::error::DetectError;
use crate::face::{Face, without_doubles};

/// The most looks at a face before the last one. With these, the 330 test photos of Helen have the same error (4.3 % of the distance of
/// the outer eye corners, none above 10 %) from perfect crops, from boxes that are up to 1.4 times as large and off by up to 15 % of their
/// side, and from crops that are turned by up to 0.75 too far.
const LOOKS: usize = 3;

impl Detector {
    /// Finds the faces of a photo and their points, the face with the highest score first. A photo without faces gives an empty list.
    ///
    /// Every face is looked at twice or more: the points of one look give the crop of the next, which shows the face as the network's training
    /// pictures do. Of faces that turn out to be the same the one with the higher score stays. If the
    /// network's uncertainty is calibrated, the finder then scores each face again by the uncertainty of its points
    /// ([`FaceFinder::judge`](crate::FaceFinder::judge)).
    ///
    /// ```
    /// use keypoints_core::Crop;
    /// use keypoints_detect::{Detector, Device, FaceFinder, FinderError, FoundFace, Picture, image::DynamicImage};
    ///
    /// /// Knows where the face is.
    /// #[derive(Debug)]
    /// struct Known(Crop);
    ///
    /// impl FaceFinder for Known {
    ///     fn find(&self, _: &Picture) -> Result<Vec<FoundFace>, FinderError> {
    ///         Ok(vec![FoundFace { crop: self.0, score: 0.9 }])
    ///     }
    /// }
    ///
    /// let finder = Known(Crop { centre: [200.0, 150.0], side: 120.0, roll: 0.2 });
    /// let detector = Detector::pretrained(&Device::flex())?.with_finder(Box::new(finder));
    /// let photo = Picture::from_image(DynamicImage::new_luma8(400, 300))?;
    /// let faces = detector.find(&photo)?;
    /// assert_eq!((faces.len(), faces[0].score), (1, 0.9));
    /// assert_eq!(faces[0].points.points().count(), 15);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`DetectError::NoFinder`] without a [finder](Detector::with_finder), [`DetectError::Finder`] if it fails,
    /// [`DetectError::Model`] if the device fails.
    pub fn find(&self, photo: &Picture) -> Result<Vec<Face>, DetectError> {
        self.read_found(photo, &self.found(photo)?)
    }

    /// What may be a face on a photo.
    pub(crate) fn found(&self, photo: &Picture) -> Result<Vec<FoundFace>, DetectError> {
        let finder = self.finder().ok_or(DetectError::NoFinder)?;
        let found = match self.judges() {
            true => finder.candidates(photo),
            false => finder.find(photo),
        };
        let mut found = found?;
        found.retain(|face| lies_on(&face.crop, photo));
        Ok(found)
    }

    /// Whether the finder scores faces again by their points: this needs calibrated uncertainty.
    fn judges(&self) -> bool {
        self.predictor().record().calibration.is_some()
    }

    /// Reads the points of what [`Detector::found`] has seen on a photo, and keeps what is a face. Of those that turn out to be the same one
    /// stays.
    pub(crate) fn read_found(
        &self,
        photo: &Picture,
        found: &[FoundFace],
    ) -> Result<Vec<Face>, DetectError> {
        let (crops, scores): (Vec<Crop>, Vec<f32>) =
            found.iter().map(|face| (face.crop, face.score)).unzip();
        let faces = self.faces(photo, crops, &scores, LOOKS)?;
        let judged = found
            .iter()
            .zip(faces)
            .filter_map(|(seen, face)| Some(Face { score: self.judge(seen, &face)?, ..face }));
        Ok(without_doubles(judged.collect()))
    }

    /// The score of what was found, now that its points are known; `None` where it is no face.
    pub(crate) fn judge(&self, found: &FoundFace, face: &Face) -> Option<f32> {
        match (self.finder().filter(|_| self.judges()), face.mean_uncertainty()) {
            (Some(finder), Some(uncertainty)) => finder.judge(found, uncertainty),
            _ => Some(found.score),
        }
    }

    /// Finds the points of the faces in these boxes of a photo: one face per box, in the same order. A box may be rough, better too large
    /// than too small: the points of one look give the crop of the next. For the network that comes with the crate a box goes from above the
    /// eyebrows to below the mouth; for one that was trained on boxes around its points, it is such a box.
    ///
    /// ```
    /// use keypoints_core::Region;
    /// use keypoints_detect::{Detector, Device, Picture, image::DynamicImage};
    ///
    /// let detector = Detector::pretrained(&Device::flex())?;
    /// let photo = Picture::from_image(DynamicImage::new_luma8(400, 300))?;
    /// // Left, top, width, height.
    /// let faces = detector.find_in(&photo, &[Region::of_pixels(140.0, 90.0, 120.0, 120.0)])?;
    /// assert_eq!(faces[0].points.points().count(), 15);
    /// assert!(detector.find_in(&photo, &[])?.is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`DetectError::BadRegion`] with the first box that is not finite, has no area or lies beside the photo;
    /// [`DetectError::Model`] if the device fails.
    pub fn find_in(&self, photo: &Picture, regions: &[Region]) -> Result<Vec<Face>, DetectError> {
        let crop = |(index, &region): (usize, &Region)| {
            let crop = self.alignment().first(region).filter(|crop| lies_on(crop, photo));
            crop.ok_or_else(|| DetectError::bad_region(index, region, photo))
        };
        let crops = regions.iter().enumerate().map(crop).collect::<Result<Vec<Crop>, _>>()?;
        self.faces(photo, crops, &vec![1.0; regions.len()], LOOKS)
    }

    /// Finds the points of faces whose crops are known, such as those of a video's last frame: one face per crop, in the same order. Each
    /// face is looked at once, so it must not have moved far.
    ///
    /// [`Detector::crop_of`] makes the crop of a face's points.
    ///
    /// ```
    /// use keypoints_core::Region;
    /// use keypoints_detect::{Detector, Device, Picture, image::DynamicImage};
    ///
    /// let detector = Detector::pretrained(&Device::flex())?;
    /// let frame = Picture::from_image(DynamicImage::new_luma8(400, 300))?;
    /// let faces = detector.find_in(&frame, &[Region::of_pixels(140.0, 90.0, 120.0, 120.0)])?;
    /// let crops: Vec<_> = faces.iter().filter_map(|face| detector.crop_of(face)).collect();
    /// let next = Picture::from_image(DynamicImage::new_luma8(400, 300))?;
    /// assert_eq!(detector.follow(&next, &crops)?.len(), crops.len());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`DetectError::BadCrop`] with the first crop that is not finite, has no area or lies beside the photo;
    /// [`DetectError::Model`] if the device fails.
    pub fn follow(&self, photo: &Picture, crops: &[Crop]) -> Result<Vec<Face>, DetectError> {
        if let Some(index) = crops.iter().position(|crop| !lies_on(crop, photo)) {
            return Err(DetectError::bad_crop(index, crops[index], photo));
        }
        self.faces(photo, crops.to_vec(), &vec![1.0; crops.len()], 0)
    }

    /// The crop that shows a face as the network's training pictures do, by the face's points: for [`Detector::follow`]. `None` where the
    /// points are at one place, or the model file does not say how its pictures were cut.
    pub fn crop_of(&self, face: &Face) -> Option<Crop> {
        self.alignment().crop_of(self.schema(), &face.points, face.crop.roll)
    }

    /// Reads the points on crops of a photo, after up to so many first looks that move the crops onto the faces.
    fn faces(
        &self,
        photo: &Picture,
        first: Vec<Crop>,
        scores: &[f32],
        looks: usize,
    ) -> Result<Vec<Face>, DetectError> {
        let mut crops = first.clone();
        let mut moving: Vec<usize> = (0..crops.len()).collect();
        for _ in 0..looks {
            if moving.is_empty() || !self.alignment().is_known() {
                break;
            }
            moving = self.look(photo, &first, &mut crops, moving)?;
        }
        let read = read_points(self.predictor(), photo, &crops)?;
        let face = |((crop, (points, uncertainty)), &score): ((Crop, _), &f32)| Face {
            region: self.alignment().region(&crop),
            score,
            points,
            uncertainty,
            crop,
        };
        Ok(crops.into_iter().zip(read).zip(scores).map(face).collect())
    }

    /// Moves chosen crops to where their points are, or back to where they began if that cannot be the same face. Returns those that moved
    /// far, which are worth another look.
    fn look(
        &self,
        photo: &Picture,
        first: &[Crop],
        crops: &mut [Crop],
        chosen: Vec<usize>,
    ) -> Result<Vec<usize>, DetectError> {
        let seen: Vec<Crop> = chosen.iter().map(|&index| crops[index]).collect();
        let shape = self.quick().pictures();
        let found = self.quick().predict_on_picture(&cut_all(photo, &seen, shape), &mut |_| ())?;
        let mut moved = Vec::new();
        for ((index, from), on_crop) in chosen.into_iter().zip(seen).zip(found) {
            let points = from.labels_to_photo(shape, &on_crop);
            let refit = self.alignment().refit(self.schema(), &points, &first[index]);
            crops[index] = refit.unwrap_or(first[index]);
            if refit.is_some_and(|crop| Change::between(&from, &crop).is_large()) {
                moved.push(index);
            }
        }
        Ok(moved)
    }
}

/// Reads the points on crops of a photo, in pixels of the photo, and the uncertainty of each where the predictor knows it: for a predictor
/// of a program's own, such as an ensemble, on the crops that [`Detector::find`] has aligned.
///
/// ```
/// use keypoints_detect::{Crop, Detector, Device, Picture, image::DynamicImage, read_points};
///
/// let detector = Detector::pretrained(&Device::flex())?;
/// let photo = Picture::from_image(DynamicImage::new_luma8(400, 300))?;
/// let read = read_points(detector.predictor(), &photo, &[Crop::upright([200.0, 150.0], 120.0)])?;
/// assert_eq!(read[0].0.points().count(), 15);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// Those of [`KeypointPredictor::predict_with_uncertainty`].
pub fn read_points(
    predictor: &(impl KeypointPredictor + ?Sized),
    photo: &Picture,
    crops: &[Crop],
) -> Result<Vec<(Labels, Option<Uncertainty>)>, PredictError> {
    let (schema, shape) = (predictor.schema(), predictor.pictures());
    let (pictures, sources) = (cut_all(photo, crops, shape), vec![Source::default(); crops.len()]);
    let (points, uncertainty) =
        predictor.predict_with_uncertainty(&pictures, &sources, &mut |_| ())?;
    // Where the points are, not where the label source of the training data would have marked them.
    let shifts = predictor.label_shifts();
    let mut uncertainty = uncertainty.unwrap_or_default().into_iter();
    let read = |(crop, points): (&Crop, &Labels)| {
        let points = shifts.onto_picture(schema, Source::default(), points);
        let scale = (crop.side / shape.side as f64) as f32;
        let uncertainty = uncertainty.next().map(|mut all| {
            all.values_mut().for_each(|one| *one *= scale);
            all
        });
        (crop.labels_to_photo(shape, &points), uncertainty)
    };
    Ok(crops.iter().zip(&points).map(read).collect())
}

/// The crops of a photo as pictures.
fn cut_all(photo: &Picture, crops: &[Crop], shape: PictureShape) -> Pictures {
    let pixels = crops.iter().flat_map(|crop| photo.cut(crop, shape)).collect();
    Pictures::new(shape, pixels).unwrap_or_else(|| Pictures::empty(shape))
}

/// Whether a crop can be cut and has a part of the photo on it.
fn lies_on(crop: &Crop, photo: &Picture) -> bool {
    let reach = crop.side / 2.0 * (crop.roll.cos().abs() + crop.roll.sin().abs());
    let sizes = [photo.width(), photo.height()];
    crop.is_valid()
        && crop
            .centre
            .iter()
            .zip(sizes)
            .all(|(&centre, size)| centre + reach > -0.5 && centre - reach < f64::from(size) - 0.5)
}
