//! Keypoints of many pictures, as a table, as JSON, as labels for an annotation tool, as pictures.

mod draw;
mod text;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use keypoints_core::{
    Coordinate, Keypoint, Labels, Pictures, Region, RelativeErrors, Schema, Source,
};
use keypoints_data::annotations::{Annotation, Annotations, FORMATS, SchemaOrigin};
use keypoints_data::kaggle::TestSet;
use keypoints_data::photos::Crops;
use keypoints_predict::{KeypointPredictor, Uncertainty};

use crate::exit::print;
use crate::own_pictures::OwnPictures;
use crate::photo::Photo;
use crate::progress::count_bar;

/// What was predicted, in the pixels of each picture.
#[derive(Debug)]
pub struct Predictions {
    schema: Arc<Schema>,
    input: Input,
    keypoints: Vec<Labels>,
    coordinates: Vec<Coordinate>,
    uncertainty: Option<Vec<Uncertainty>>,
}

#[derive(Debug)]
enum Input {
    TestSet(TestSet),
    /// With the faces in them.
    Photos(Vec<Photo>, Pictures),
    Own {
        annotations: Annotations,
        crops: Crops,
    },
}

impl Predictions {
    fn new(predictor: &dyn KeypointPredictor, input: Input, keypoints: Vec<Labels>) -> Self {
        let (schema, coordinates) = (Arc::clone(predictor.schema()), predictor.coordinates());
        Self { schema, input, keypoints, coordinates, uncertainty: None }
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
    /// training data would have marked them.
    ///
    /// # Errors
    /// If a file is no picture, or the device fails.
    pub fn of_pictures(
        predictor: &dyn KeypointPredictor,
        files: &[PathBuf],
    ) -> anyhow::Result<Self> {
        let photos = files.iter().map(|file| Photo::open(file)).collect::<Result<Vec<_>, _>>()?;
        let shape = predictor.pictures();
        let pixels = photos.iter().flat_map(|photo| photo.picture().crop(shape)).collect();
        let images = Pictures::new(shape, pixels).context("no picture is given")?;
        let faces =
            with_bar(
                images.len(),
                |progress| Ok(predictor.predict_on_picture(&images, progress)?),
            )?;
        let on_photo =
            |(photo, face): (&Photo, &Labels)| photo.picture().labels_to_picture(shape, face);
        let keypoints = photos.iter().zip(&faces).map(on_photo).collect();
        Ok(Self::new(predictor, Input::Photos(photos, images), keypoints))
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
        Ok(Self::new(predictor, Input::Own { annotations, crops }, keypoints))
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
            Input::Photos(_, faces) => faces,
            Input::Own { crops, .. } => crops.dataset.pictures(),
        };
        let sources = vec![Source::default(); faces.len()];
        let uncertainty =
            with_bar(
                faces.len(),
                |progress| Ok(predictor.uncertainty(faces, &sources, progress)?),
            )?;
        let cannot = "--uncertainty needs a network with heat maps or an ensemble";
        self.uncertainty = Some(uncertainty.context(cannot)?);
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
            Input::Photos(photos, _) => {
                photos.iter().map(|photo| photo.path().display().to_string()).collect()
            }
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
            Input::Photos(photos, _) => {
                let row = |(photo, labels): (&Photo, &Labels)| Annotation {
                    picture: photo.path().to_owned(),
                    name: photo
                        .path()
                        .file_stem()
                        .unwrap_or_default()
                        .to_string_lossy()
                        .into_owned(),
                    region: None,
                    labels: labels.clone(),
                };
                photos.iter().zip(&self.keypoints).map(row).collect()
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
                .with_context(|| format!("{}: cannot write", path.display())),
            None => Ok(print(&text)?),
        }
    }
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
