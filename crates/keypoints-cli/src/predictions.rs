//! Keypoints of many pictures, as a table, as JSON, as labels for an annotation tool, as pictures.

mod draw;
mod text;

pub(crate) use text::quoted;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use keypoints_core::{
    Coordinate, Keypoint, Labels, Pictures, Region, RelativeErrors, Schema, Source,
};
use keypoints_data::annotations::{Annotation, Annotations, FORMATS, SchemaOrigin};
use keypoints_data::kaggle::TestSet;
use keypoints_data::photos::Crops;
use keypoints_image::{Picture, shown};
use keypoints_predict::{KeypointPredictor, Uncertainty};

use crate::exit::{print, tell};
use crate::own_pictures::OwnPictures;
use crate::progress::count_bar;

/// What was predicted, in the pixels of each picture.
#[derive(Debug)]
pub struct Predictions {
    schema: Arc<Schema>,
    input: Input,
    keypoints: Vec<Labels>,
    coordinates: Vec<Coordinate>,
    uncertainty: Option<Vec<Uncertainty>>,
    unreadable: usize,
}

/// Pictures that are in memory together.
const TOGETHER: usize = 64;

#[derive(Debug)]
enum Input {
    TestSet(TestSet),
    /// Files of one face each.
    Photos(Vec<PathBuf>),
    Own {
        annotations: Annotations,
        crops: Box<Crops>,
    },
}

impl Predictions {
    fn new(predictor: &dyn KeypointPredictor, input: Input, keypoints: Vec<Labels>) -> Self {
        let (schema, coordinates) = (Arc::clone(predictor.schema()), predictor.coordinates());
        Self { schema, input, keypoints, coordinates, uncertainty: None, unreadable: 0 }
    }

    /// Predicts the faces of test.csv.
    ///
    /// # Errors
    /// If the device fails.
    pub fn of_test_set(predictor: &dyn KeypointPredictor, test: &TestSet) -> anyhow::Result<Self> {
        let keypoints =
            with_bar(
                test.len(),
                |progress| Ok(predictor.predict_with(test.pictures(), progress)?),
            )?;
        Ok(Self::new(predictor, Input::TestSet(test.clone()), keypoints))
    }

    /// Predicts picture files, each taken as one face: where its keypoints are, not where the label source of the
    /// training data would have marked them. What is wrong with a file that cannot be opened is written to standard error, and the
    /// others are predicted: see [`Predictions::unreadable`]. However many they are, only a few are in memory at a time.
    ///
    /// # Errors
    /// If the device fails, or with `uncertainty` the predictor has none.
    pub fn of_pictures(
        predictor: &dyn KeypointPredictor,
        files: &[PathBuf],
        uncertainty: bool,
    ) -> anyhow::Result<Self> {
        let shape = predictor.pictures();
        let (mut opened, mut keypoints) = (Vec::new(), Vec::new());
        let mut uncertainties = uncertainty.then(Vec::new);
        let bar = count_bar(files.len(), "pictures");
        for batch in files.chunks(TOGETHER) {
            let mut resized = Vec::new();
            for file in batch {
                // Only the small square is kept of a picture.
                match Picture::open(file) {
                    Ok(picture) => {
                        resized.push(picture.resize(shape));
                        opened.push(file.clone());
                    }
                    Err(error) => bar.suspend(|| tell(format_args!("error: {error}"))),
                }
            }
            bar.inc(batch.len() as u64);
            if resized.is_empty() {
                continue;
            }
            let pixels = resized.iter().flat_map(|one| one.pixels().iter().copied()).collect();
            let faces = Pictures::new(shape, pixels).unwrap_or_else(|| Pictures::empty(shape));
            let found = predictor.predict_on_picture(&faces, &mut |_| ())?;
            let pairs = resized.iter().zip(&found);
            keypoints.extend(pairs.map(|(one, face)| one.labels_to_picture(face)));
            if let Some(all) = &mut uncertainties {
                all.extend(uncertainty_of(predictor, &faces, &mut |_| ())?);
            }
        }
        bar.finish_and_clear();
        let unreadable = files.len() - opened.len();
        let predictions = Self::new(predictor, Input::Photos(opened), keypoints);
        Ok(Self { uncertainty: uncertainties, unreadable, ..predictions })
    }

    /// How many of the picture files could not be opened.
    pub fn unreadable(&self) -> usize {
        self.unreadable
    }

    /// Whether there is no prediction.
    pub fn is_empty(&self) -> bool {
        self.keypoints.is_empty()
    }

    /// Predicts labelled pictures of the user's own: the objects are cut out as those that the network was trained on.
    ///
    /// # Errors
    /// If the labels or too many pictures cannot be read, or the device fails.
    pub fn of_own(
        predictor: &dyn KeypointPredictor,
        pictures: &OwnPictures,
    ) -> anyhow::Result<Self> {
        let annotations = pictures.annotations()?;
        let shape = predictor.pictures();
        let crops = pictures.cut(&annotations, shape, predictor.margin())?;
        let found = with_bar(crops.dataset.len(), |progress| {
            Ok(predictor.predict_with(crops.dataset.pictures(), progress)?)
        })?;
        let on_photo =
            |(crop, labels): (&keypoints_core::Crop, &Labels)| crop.labels_to_photo(shape, labels);
        let keypoints = crops.crops.iter().zip(&found).map(on_photo).collect();
        Ok(Self::new(predictor, Input::Own { annotations, crops: Box::new(crops) }, keypoints))
    }

    /// Errors relative to the schema's unit, where the pictures have labels of the same points.
    pub fn relative_errors(&self) -> Option<RelativeErrors> {
        let Input::Own { annotations, crops } = &self.input else { return None };
        if annotations.schema.names() != self.schema.names() {
            return None;
        }
        let label = |&row: &usize| annotations.rows[row].labels.clone();
        let truth: Vec<Labels> = crops.rows.iter().map(label).collect();
        RelativeErrors::of(&self.schema, &truth, &self.keypoints)
    }

    /// Adds an uncertainty per point, in pixels of the network's crop: written as further columns.
    ///
    /// # Errors
    /// If the predictor has none, or the device fails.
    pub fn with_uncertainty(mut self, predictor: &dyn KeypointPredictor) -> anyhow::Result<Self> {
        let faces = match &self.input {
            Input::TestSet(test) => test.pictures(),
            Input::Photos(files) => {
                return match self.uncertainty.is_some() {
                    true => Ok(self),
                    false => Self::of_pictures(predictor, files, true),
                };
            }
            Input::Own { crops, .. } => crops.dataset.pictures(),
        };
        let uncertainty =
            with_bar(faces.len(), |progress| uncertainty_of(predictor, faces, progress))?;
        self.uncertainty = Some(uncertainty);
        Ok(self)
    }

    /// The keypoints that have a column for their uncertainty.
    fn uncertain(&self) -> Vec<Keypoint> {
        let known = |one: &Keypoint| self.coordinates.contains(&one.x());
        let all = self.schema.keypoints().filter(known);
        if self.uncertainty.is_some() { all.collect() } else { Vec::new() }
    }

    fn names(&self) -> Vec<String> {
        match &self.input {
            Input::TestSet(test) => test.image_ids().iter().map(u32::to_string).collect(),
            Input::Photos(files) => files.iter().map(|file| file.display().to_string()).collect(),
            Input::Own { crops, .. } => {
                (0..crops.dataset.len()).map(|row| crops.dataset.row_name(row)).collect()
            }
        }
    }

    /// The predictions as labels of the pictures, for the annotation formats.
    ///
    /// # Errors
    /// If these are the faces of test.csv, which are no picture files.
    pub fn annotations(&self) -> anyhow::Result<Annotations> {
        let rows = match &self.input {
            Input::TestSet(_) => {
                anyhow::bail!("the faces of test.csv are no picture files: write csv or json")
            }
            Input::Photos(files) => {
                let row = |(file, labels): (&PathBuf, &Labels)| Annotation {
                    picture: file.clone(),
                    name: file.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
                    region: None,
                    labels: labels.clone(),
                };
                files.iter().zip(&self.keypoints).map(row).collect()
            }
            Input::Own { annotations, crops } => {
                let row = |(&row, labels): (&usize, &Labels)| {
                    let row = annotations.rows[row].clone();
                    // So that whoever cuts by these labels cuts where we did.
                    let region = row.region.or_else(|| Region::of_points(&row.labels));
                    Annotation { labels: labels.clone(), region, ..row }
                };
                crops.rows.iter().zip(&self.keypoints).map(row).collect()
            }
        };
        let (schema, origin) = (Arc::clone(&self.schema), SchemaOrigin::Given);
        Ok(Annotations { schema, origin, rows, faults: Vec::new() })
    }

    /// Writes the predictions as `csv`, `json` or in one of the annotation formats, to a file or, where none is named, to standard
    /// output.
    ///
    /// # Errors
    /// With the file, or if an annotation format has no file to go to.
    pub fn write(&self, format: &str, file: Option<&Path>) -> anyhow::Result<()> {
        let text = match format {
            "csv" => self.to_csv(),
            "json" => self.to_json()?,
            name => {
                let one = FORMATS.iter().find(|one| one.name() == name);
                let one = one.with_context(|| format!("no format called `{name}`"))?;
                let path = file.context("--out says where labels are written")?;
                one.write(&self.annotations()?, path)?;
                return Ok(());
            }
        };
        match file {
            Some(path) => keypoints_data::write_atomically(path, text.as_bytes())
                .with_context(|| format!("{}: cannot write", shown(path))),
            None => Ok(print(&text)?),
        }
    }
}

/// The uncertainty of the points of faces.
fn uncertainty_of(
    predictor: &dyn KeypointPredictor,
    faces: &Pictures,
    progress: &mut dyn FnMut(usize),
) -> anyhow::Result<Vec<Uncertainty>> {
    let sources = vec![Source::default(); faces.len()];
    let uncertainty = predictor.uncertainty(faces, &sources, progress)?;
    uncertainty.context("--uncertainty needs a network with heat maps or an ensemble")
}

/// Does something for so many pictures with a progress bar.
fn with_bar<T>(
    count: usize,
    work: impl FnOnce(&mut dyn FnMut(usize)) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let bar = count_bar(count, "pictures");
    let done = work(&mut |done| bar.set_position(done as u64));
    bar.finish_and_clear();
    done
}

#[cfg(test)]
mod tests;
