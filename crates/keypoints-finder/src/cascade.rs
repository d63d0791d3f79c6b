//! The face finder that comes with the crate.

use std::path::Path;

use burn::tensor::Device;
use keypoints_core::Crop;
use keypoints_image::Picture;

use crate::error::FinderError;
use crate::evidence;
use crate::face_finder::{FaceFinder, FoundFace};
use crate::networks::{FinderFileError, Networks, Proposer, WindowNetwork};
use crate::planes::{Octaves, Plane};
use crate::search::{Candidate, SHORTEST, covered, overlap, propose, suppress, verify};

/// The built-in networks.
const BUILT_IN: &[u8] = include_bytes!("../models/finder.safetensors");

/// Log odds from which the verifier looks at what the proposer saw.
const PROPOSED: f32 = -1.0;

/// Proposals that share more of their area than this are one.
const SAME_PROPOSAL: f64 = 0.5;

/// Faces that share more of the smaller one's area than this are one: an eye with its glasses is not a face within a face.
const SAME_FACE: f64 = 0.5;

/// Prior correction in log odds: faces are rarer on photos than in the training windows, of which every third was one. It puts the threshold
/// with few false faces at a score of 0.5.
const RARER: f32 = 2.0;

/// A picture with more pixels than this is searched at a smaller size, so that it takes no longer: a megapixel.
const MOST_PIXELS: f64 = 1e6;

/// Finds faces in two steps: a tiny network looks at all places and sizes of the picture, a second one looks closer at what it proposes.
///
/// Both see a face's inner part only, in grey. The built-in networks were trained on the pictures of Kaggle's "Facial Keypoints Detection"
/// and on photos without people; `models/README.md` says how well they do and where they fail.
///
/// ```
/// use keypoints_finder::{CascadeFinder, FaceFinder};
/// use keypoints_image::{Picture, image::DynamicImage};
///
/// let finder = CascadeFinder::pretrained(&burn::tensor::Device::flex())?;
/// let grey = Picture::from_image(DynamicImage::new_luma8(320, 240))?;
/// assert!(finder.find(&grey)?.is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct CascadeFinder {
    networks: Networks,
    smallest: f64,
    min_score: f32,
    device: Device,
}

impl CascadeFinder {
    /// The side of the smallest face's crop that it can find, in pixels: from the middle of the forehead to below the chin.
    pub const SMALLEST: f64 = Proposer::CROP as f64;

    /// The score from which a window counts as a face, unless [`CascadeFinder::with_min_score`] says otherwise.
    pub const MIN_SCORE: f32 = 0.5;

    /// The finder that comes with the crate.
    ///
    /// # Errors
    /// [`FinderFileError`] if the device cannot take its networks.
    pub fn pretrained(device: &Device) -> Result<Self, FinderFileError> {
        let name = Path::new("the built-in face finder");
        Ok(Self::new(Networks::from_bytes(name, BUILT_IN.to_vec(), device)?, device))
    }

    /// Networks of your own, from a file that `train_finder` made.
    ///
    /// # Errors
    /// [`FinderFileError`] with the file.
    pub fn open(path: &Path, device: &Device) -> Result<Self, FinderFileError> {
        Ok(Self::new(Networks::open(path, device)?, device))
    }

    /// Networks that are on the device already.
    pub fn new(networks: Networks, device: &Device) -> Self {
        let (smallest, min_score) = (Self::SMALLEST, Self::MIN_SCORE);
        Self { networks, smallest, min_score, device: device.clone() }
    }

    /// The two networks.
    pub fn networks(&self) -> &Networks {
        &self.networks
    }

    /// Looks for faces from this size up, in pixels of the picture: the side of a face's crop. Twice the size takes a quarter of the
    /// time. Sizes below [`CascadeFinder::SMALLEST`] count as that.
    #[must_use]
    pub fn with_smallest(self, pixels: f64) -> Self {
        Self { smallest: pixels.max(Self::SMALLEST), ..self }
    }

    /// Counts as a face what has this score or more, from 0 to 1. Lower scores find more faces, and more of what is none.
    #[must_use]
    pub fn with_min_score(self, score: f32) -> Self {
        Self { min_score: score, ..self }
    }

    /// The picture at the size that is searched, and how many of its own pixels are one of that.
    fn searched(&self, picture: &Picture) -> (Octaves, f64) {
        let area = f64::from(picture.width()) * f64::from(picture.height());
        let shrink = (area / MOST_PIXELS).sqrt().max(self.smallest / Self::SMALLEST).max(1.0);
        let plane = Plane::of_picture(picture, shrink as usize);
        let whole = shrink.floor();
        if shrink <= 1.0 {
            return (Octaves::new(plane, SHORTEST), 1.0);
        }
        let side = |size: usize| ((size as f64 * whole / shrink).round() as usize).max(1);
        let width = plane.width();
        let resized = plane.resized(side(width), side(plane.height()));
        let scale = whole * width as f64 / resized.width() as f64;
        (Octaves::new(resized, SHORTEST), scale)
    }

    /// Windows whose score has at least these log odds, and these log odds.
    fn search(&self, picture: &Picture, least: f32) -> Result<Vec<FoundFace>, FinderError> {
        let (octaves, scale) = self.searched(picture);
        let Networks { proposer, verifier } = &self.networks;
        let proposed = propose(proposer, &octaves, PROPOSED, &self.device)?;
        let moved = proposed.iter().map(|(window, answer)| Candidate::of(window, answer));
        let proposed = suppress(moved.collect(), |one, other| overlap(one, other) > SAME_PROPOSAL);
        let windows: Vec<Crop> = proposed.iter().map(|one| one.crop).collect();
        let answers = verify(verifier, &octaves, &windows, &self.device)?;
        let seen =
            windows.iter().zip(&answers).map(|(window, answer)| Candidate::of(window, answer));
        let faces = seen.filter(|one| one.logit - RARER >= least);
        let found = |Candidate { crop, logit }: Candidate| {
            let centre = crop.centre.map(|place| (place + 0.5) * scale - 0.5);
            let crop = Crop { centre, side: crop.side * scale, ..crop };
            FoundFace { crop, score: sigmoid(logit - RARER) }
        };
        let kept = suppress(faces.collect(), |one, other| covered(one, other) > SAME_FACE);
        Ok(kept.into_iter().map(found).collect())
    }
}

impl FaceFinder for CascadeFinder {
    fn find(&self, picture: &Picture) -> Result<Vec<FoundFace>, FinderError> {
        self.search(picture, log_odds(self.min_score))
    }

    fn candidates(&self, picture: &Picture) -> Result<Vec<FoundFace>, FinderError> {
        self.search(picture, log_odds(self.min_score) - evidence::MOST)
    }

    fn judge(&self, candidate: &FoundFace, uncertainty: f64) -> Option<f32> {
        let score = sigmoid(log_odds(candidate.score) + evidence::evidence(uncertainty));
        (score >= self.min_score).then_some(score)
    }
}

fn sigmoid(log_odds: f32) -> f32 {
    1.0 / (1.0 + (-log_odds).exp())
}

fn log_odds(score: f32) -> f32 {
    (score / (1.0 - score)).ln()
}
