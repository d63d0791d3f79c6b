//! Faces in memory: one block of grey values, and the labels beside it.

use crate::keypoint::IMAGE_PIXELS;
use crate::labels::{LabelRegime, Labels};

/// Grey 96×96 faces in one contiguous block, face after face, row by row, `0` black to `255` white.
///
/// ```
/// use keypoints_data::{IMAGE_PIXELS, Images};
///
/// let images = Images::from_pixels(vec![0; 2 * IMAGE_PIXELS]).ok_or("not whole faces")?;
/// assert_eq!((images.len(), images.get(1).len()), (2, 96 * 96));
/// assert_eq!(Images::from_pixels(vec![0; 100]), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Images {
    pixels: Vec<u8>,
}

impl Images {
    /// Takes over a block of grey values; `None` unless its length is a multiple of 9216.
    pub fn from_pixels(pixels: Vec<u8>) -> Option<Self> {
        pixels.len().is_multiple_of(IMAGE_PIXELS).then_some(Self { pixels })
    }

    /// Number of faces.
    pub fn len(&self) -> usize {
        self.pixels.len() / IMAGE_PIXELS
    }

    /// Whether there is no face at all.
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// The 9216 grey values of a face, row by row.
    ///
    /// # Panics
    /// If `index` is not below [`Images::len`], as slices do.
    pub fn get(&self, index: usize) -> &[u8] {
        &self.pixels[index * IMAGE_PIXELS..][..IMAGE_PIXELS]
    }

    /// All faces in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.pixels.chunks_exact(IMAGE_PIXELS)
    }

    /// The whole block, `len() * 9216` values.
    pub fn as_bytes(&self) -> &[u8] {
        &self.pixels
    }

    /// The chosen faces, copied, in the order asked for.
    ///
    /// # Panics
    /// If an index is not below [`Images::len`].
    pub fn select(&self, indices: &[usize]) -> Self {
        let mut pixels = Vec::with_capacity(indices.len() * IMAGE_PIXELS);
        for &index in indices {
            pixels.extend_from_slice(self.get(index));
        }
        Self { pixels }
    }
}

/// Labelled faces: what `training.csv` holds.
///
/// Row `i` of the three parts speaks of the same face.
///
/// ```
/// use keypoints_data::{FaceDataset, Images, Keypoint, LabelRegime, Labels};
///
/// let images = Images::from_pixels(vec![0; 96 * 96]).ok_or("not whole faces")?;
/// let labels: Labels = [(Keypoint::NoseTip.x(), 47.0)].into_iter().collect();
/// let faces = FaceDataset::new(images, vec![labels]).ok_or("a face without its labels")?;
/// assert_eq!(faces.labels()[0].get(Keypoint::NoseTip.x()), Some(47.0));
/// assert_eq!(faces.regime(0), LabelRegime::FourPoint); // at most four points are marked
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FaceDataset {
    images: Images,
    labels: Vec<Labels>,
}

impl FaceDataset {
    /// Puts images and labels together; `None` unless there are as many of the one as of the other.
    pub fn new(images: Images, labels: Vec<Labels>) -> Option<Self> {
        (images.len() == labels.len()).then_some(Self { images, labels })
    }

    /// Number of faces.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no face at all.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The faces' pixels.
    pub fn images(&self) -> &Images {
        &self.images
    }

    /// The labels, one entry per face.
    pub fn labels(&self) -> &[Labels] {
        &self.labels
    }

    /// The label regime of a face.
    ///
    /// # Panics
    /// If `index` is not below [`FaceDataset::len`].
    pub fn regime(&self, index: usize) -> LabelRegime {
        self.labels[index].regime()
    }

    /// Indices of the faces without a single gap.
    pub fn complete_rows(&self) -> Vec<usize> {
        (0..self.len()).filter(|&index| self.labels[index].is_complete()).collect()
    }

    /// The chosen faces, copied, in the order asked for.
    ///
    /// # Panics
    /// If an index is not below [`FaceDataset::len`].
    pub fn select(&self, indices: &[usize]) -> Self {
        Self {
            images: self.images.select(indices),
            labels: indices.iter().map(|&index| self.labels[index]).collect(),
        }
    }
}

/// Faces without labels: what `test.csv` holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestSet {
    image_ids: Vec<u32>,
    images: Images,
}

impl TestSet {
    /// Puts ids and images together; `None` unless there are as many of the one as of the other and no id occurs twice.
    pub fn new(image_ids: Vec<u32>, images: Images) -> Option<Self> {
        let mut seen = std::collections::HashSet::with_capacity(image_ids.len());
        let fits = images.len() == image_ids.len() && image_ids.iter().all(|id| seen.insert(id));
        fits.then_some(Self { image_ids, images })
    }

    /// Number of faces.
    pub fn len(&self) -> usize {
        self.image_ids.len()
    }

    /// Whether there is no face at all.
    pub fn is_empty(&self) -> bool {
        self.image_ids.is_empty()
    }

    /// The `ImageId` of each face, as the lookup table names it.
    pub fn image_ids(&self) -> &[u32] {
        &self.image_ids
    }

    /// The faces' pixels, in the order of [`TestSet::image_ids`].
    pub fn images(&self) -> &Images {
        &self.images
    }
}

/// One question of the competition: where is this coordinate on that test image?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// `RowId` of the answer in the submission, counted from 1.
    pub row_id: u32,
    /// `ImageId` in `test.csv`.
    pub image_id: u32,
    /// What is asked for.
    pub coordinate: crate::keypoint::Coordinate,
}

/// `IdLookupTable.csv`: all requests, in the order of the file. No `RowId` occurs twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookupTable {
    requests: Vec<Request>,
}

impl LookupTable {
    /// The requests in order; `None` if two of them share a `RowId`.
    pub fn new(requests: Vec<Request>) -> Option<Self> {
        let mut seen = std::collections::HashSet::with_capacity(requests.len());
        requests.iter().all(|request| seen.insert(request.row_id)).then_some(Self { requests })
    }

    /// All requests, in the order of the file.
    pub fn requests(&self) -> &[Request] {
        &self.requests
    }

    /// Number of requests.
    pub fn len(&self) -> usize {
        self.requests.len()
    }

    /// Whether nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.requests.is_empty()
    }
}
