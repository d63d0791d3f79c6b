//! What the three files hold.

use std::collections::HashSet;

use keypoints_core::{Coordinate, Dataset, DatasetError, Labels, Pictures, Schema, kaggle15};

/// Puts the pictures and labels of `training.csv` together: schema `kaggle-15`, with the label source of each row by its
/// number of labels.
///
/// ```
/// use keypoints_core::{Labels, Pictures, kaggle15};
///
/// let pictures = Pictures::new(kaggle15::SHAPE, vec![0; 96 * 96]).ok_or("no whole face")?;
/// let labels: Labels = [(kaggle15::NOSE_TIP.x(), 47.0)].into_iter().collect();
/// let faces = keypoints_data::kaggle::dataset(pictures, vec![labels])?;
/// assert_eq!(faces.sources(), [kaggle15::FOUR_POINT]); // at most four points are marked
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DatasetError`] unless there are as many pictures as labels, and all labels are finite.
pub fn dataset(pictures: Pictures, labels: Vec<Labels>) -> Result<Dataset, DatasetError> {
    let sources = labels.iter().map(|row| kaggle15::source_of_count(row.count())).collect();
    let dataset = Dataset::new(Schema::kaggle15(), pictures, labels, sources)?;
    Ok(dataset.with_crop(kaggle15::crop_template()))
}

/// Faces without labels: what `test.csv` holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestSet {
    image_ids: Vec<u32>,
    pictures: Pictures,
}

impl TestSet {
    /// Puts ids and pictures together; `None` unless there are as many of the one as of the other and no id occurs twice.
    pub fn new(image_ids: Vec<u32>, pictures: Pictures) -> Option<Self> {
        let mut seen = HashSet::with_capacity(image_ids.len());
        let fits = pictures.len() == image_ids.len() && image_ids.iter().all(|id| seen.insert(id));
        fits.then_some(Self { image_ids, pictures })
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
    pub fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// A hash of all ids and pixels, in order. See [`Dataset::fingerprint`].
    pub fn fingerprint(&self) -> u64 {
        self.pictures.fingerprint_with(&self.image_ids)
    }
}

/// One row of the lookup table: a coordinate of a test image that the submission has to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// `RowId` of the answer in the submission, counted from 1.
    pub row_id: u32,
    /// `ImageId` in `test.csv`.
    pub image_id: u32,
    /// What is asked for.
    pub coordinate: Coordinate,
}

/// `IdLookupTable.csv`: all requests, in the order of the file. No `RowId` occurs twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LookupTable {
    requests: Vec<Request>,
}

impl LookupTable {
    /// The requests in order; `None` if two of them share a `RowId`.
    pub fn new(requests: Vec<Request>) -> Option<Self> {
        let mut seen = HashSet::with_capacity(requests.len());
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
