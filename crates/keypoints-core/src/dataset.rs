//! Labelled pictures in memory.

use std::sync::Arc;

use crate::crop_template::CropTemplate;
use crate::labels::Labels;
use crate::picture::Pictures;
use crate::schema::{Schema, Source};

/// Pictures with their labels, who labelled each row, and the schema that says what the labels mean.
///
/// Row `i` of the three lists speaks of the same picture.
///
/// ```
/// use keypoints_core::{Dataset, Keypoint, Labels, PictureShape, Pictures, Schema};
/// use std::sync::Arc;
///
/// let schema = Arc::new(Schema::new("ears", ["left_ear", "right_ear"])?);
/// let pictures = Pictures::new(PictureShape::colour(32), vec![0; 3 * 32 * 32]).ok_or("no whole picture")?;
/// let labels: Labels = [(Keypoint::new(1).x(), 7.0)].into_iter().collect();
/// let dataset = Dataset::of_one_source(schema, pictures, vec![labels])?;
/// assert_eq!(dataset.labels()[0].count(), 1);
/// assert_eq!(dataset.complete_rows(), [] as [usize; 0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Dataset {
    schema: Arc<Schema>,
    pictures: Pictures,
    labels: Vec<Labels>,
    sources: Vec<Source>,
    crop: Option<CropTemplate>,
    margin: Option<f64>,
    /// None, or one per row.
    names: Vec<String>,
}

/// Parts that make no dataset together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DatasetError {
    /// There are more or fewer labels or sources than pictures.
    #[error("{pictures} pictures, but {found} {what}: each picture needs one")]
    Lengths {
        /// "labels", "sources" or "names".
        what: &'static str,
        /// Number of pictures.
        pictures: usize,
        /// Number of the others.
        found: usize,
    },
    /// A row has labels beyond the schema's keypoints.
    #[error(
        "row {row} (counted from 0) has more than the {coordinates} coordinates of schema `{schema}`"
    )]
    TooManyLabels {
        /// The row, from 0.
        row: usize,
        /// Coordinates of the schema.
        coordinates: usize,
        /// The schema's name.
        schema: String,
    },
    /// A row names a label source that the schema does not have.
    #[error(
        "row {row} (counted from 0) has label source number {found}, but schema `{schema}` has {sources}"
    )]
    UnknownSource {
        /// The row, from 0.
        row: usize,
        /// The source's number, from 0.
        found: usize,
        /// Sources of the schema.
        sources: usize,
        /// The schema's name.
        schema: String,
    },
    /// A label is NaN or infinite.
    #[error("row {row} (counted from 0), {coordinate}: {found} is no place")]
    NotFinite {
        /// The row, from 0.
        row: usize,
        /// The coordinate's name.
        coordinate: String,
        /// The value.
        found: String,
    },
}

impl Dataset {
    /// Puts the parts together.
    ///
    /// # Errors
    /// [`DatasetError`] if their lengths differ, a row has labels or a source that the schema does not know, or a label
    /// is not finite.
    pub fn new(
        schema: Arc<Schema>,
        pictures: Pictures,
        labels: Vec<Labels>,
        sources: Vec<Source>,
    ) -> Result<Self, DatasetError> {
        let count = pictures.len();
        for (what, found) in [("labels", labels.len()), ("sources", sources.len())] {
            if found != count {
                return Err(DatasetError::Lengths { what, pictures: count, found });
            }
        }
        for (row, (labels, source)) in labels.iter().zip(&sources).enumerate() {
            check_row(&schema, row, labels, *source)?;
        }
        let (crop, margin, names) = (None, None, Vec::new());
        Ok(Self { schema, pictures, labels, sources, crop, margin, names })
    }

    /// The same where all rows come from the schema's first source.
    ///
    /// # Errors
    /// As [`Dataset::new`].
    pub fn of_one_source(
        schema: Arc<Schema>,
        pictures: Pictures,
        labels: Vec<Labels>,
    ) -> Result<Self, DatasetError> {
        let sources = vec![Source::default(); labels.len()];
        Self::new(schema, pictures, labels, sources)
    }

    /// The same dataset, with what is known about where faces lie in its pictures.
    #[must_use]
    pub fn with_crop(self, crop: CropTemplate) -> Self {
        Self { crop: Some(crop), ..self }
    }

    /// The same dataset, whose pictures were cut from photos: each is the square around a region, with this margin
    /// ([`Region::crop`](crate::Region::crop)).
    #[must_use]
    pub fn with_margin(self, margin: f64) -> Self {
        Self { margin: Some(margin), ..self }
    }

    /// The same dataset with a name for each row, such as its picture's file.
    ///
    /// # Errors
    /// [`DatasetError::Lengths`] unless there is a name for each row.
    pub fn with_names(self, names: Vec<String>) -> Result<Self, DatasetError> {
        if names.len() != self.len() {
            let (what, pictures, found) = ("names", self.len(), names.len());
            return Err(DatasetError::Lengths { what, pictures, found });
        }
        Ok(Self { names, ..self })
    }

    /// What the labels mean.
    pub fn schema(&self) -> &Arc<Schema> {
        &self.schema
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no row at all.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// The pictures.
    pub fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// The labels, one entry per row.
    pub fn labels(&self) -> &[Labels] {
        &self.labels
    }

    /// Who labelled each row.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// Where faces lie in the pictures, if that is known.
    pub fn crop(&self) -> Option<&CropTemplate> {
        self.crop.as_ref()
    }

    /// The margin around the regions that the pictures were cut from, if they were.
    pub fn margin(&self) -> Option<f64> {
        self.margin
    }

    /// What a row is called: its name or, without one, "row 1" for the first.
    pub fn row_name(&self, row: usize) -> String {
        self.names.get(row).cloned().unwrap_or_else(|| format!("row {}", row + 1))
    }

    /// Whether nothing is missing in a row.
    ///
    /// # Panics
    /// If `row` is not below [`Dataset::len`].
    pub fn is_complete(&self, row: usize) -> bool {
        self.labels[row].count() == 2 * self.schema.len()
    }

    /// The rows without a gap.
    pub fn complete_rows(&self) -> Vec<usize> {
        (0..self.len()).filter(|&row| self.is_complete(row)).collect()
    }

    /// How many rows each source labelled, in the order of the schema.
    pub fn rows_by_source(&self) -> Vec<usize> {
        let mut counts = vec![0; self.schema.sources().len()];
        for source in &self.sources {
            counts[source.index()] += 1;
        }
        counts
    }

    /// The chosen rows, copied, in the order asked for.
    ///
    /// # Panics
    /// If an index is not below [`Dataset::len`].
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> Self {
        Self {
            schema: Arc::clone(&self.schema),
            pictures: self.pictures.select(rows),
            labels: rows.iter().map(|&row| self.labels[row].clone()).collect(),
            sources: rows.iter().map(|&row| self.sources[row]).collect(),
            crop: self.crop.clone(),
            margin: self.margin,
            names: rows.iter().filter_map(|&row| self.names.get(row).cloned()).collect(),
        }
    }
}

fn check_row(
    schema: &Schema,
    row: usize,
    labels: &Labels,
    source: Source,
) -> Result<(), DatasetError> {
    let (coordinates, sources) = (2 * schema.len(), schema.sources().len());
    if labels.end() > coordinates {
        let schema = schema.name().to_owned();
        return Err(DatasetError::TooManyLabels { row, coordinates, schema });
    }
    if source.index() >= sources {
        let (found, schema) = (source.index(), schema.name().to_owned());
        return Err(DatasetError::UnknownSource { row, found, sources, schema });
    }
    match labels.present().find(|(_, value)| !value.is_finite()) {
        Some((coordinate, value)) => Err(DatasetError::NotFinite {
            row,
            coordinate: schema.coordinate_name(coordinate),
            found: value.to_string(),
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests;
