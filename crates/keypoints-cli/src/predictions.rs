//! Keypoints of many pictures, as a table, as JSON, as overlays.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::Context;
use keypoints_core::{Coordinate, Keypoint, Labels, Pictures, Schema, Source};
use keypoints_data::kaggle::TestSet;
use keypoints_plot::{
    MarkSet, OverlayOptions, Picture, PictureCell, PictureGridOptions, overlay, picture_grid,
};
use keypoints_predict::{KeypointPredictor, Uncertainty};
use serde_json::{Map, Value, json};

use crate::exit::print;
use crate::photo::Photo;
use crate::progress::count_bar;

/// Faces of test.csv that are drawn.
const GRID: usize = 20;

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
}

impl Predictions {
    /// Predicts the faces of test.csv.
    ///
    /// # Errors
    /// If the device fails.
    pub fn of_test_set(predictor: &dyn KeypointPredictor, test: &TestSet) -> anyhow::Result<Self> {
        let bar = count_bar(test.len(), "faces");
        let keypoints =
            predictor.predict_with(test.pictures(), &mut |done| bar.set_position(done as u64))?;
        bar.finish_and_clear();
        let (coordinates, input) = (predictor.coordinates(), Input::TestSet(test.clone()));
        let schema = Arc::clone(predictor.schema());
        Ok(Self { schema, input, keypoints, coordinates, uncertainty: None })
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
        let bar = count_bar(images.len(), "faces");
        let faces =
            predictor.predict_on_picture(&images, &mut |done| bar.set_position(done as u64))?;
        bar.finish_and_clear();
        let keypoints = photos
            .iter()
            .zip(&faces)
            .map(|(photo, face)| photo.picture().labels_to_picture(shape, face))
            .collect();
        let (coordinates, input) = (predictor.coordinates(), Input::Photos(photos, images));
        let schema = Arc::clone(predictor.schema());
        Ok(Self { schema, input, keypoints, coordinates, uncertainty: None })
    }

    /// Adds an uncertainty per point, in pixels of the network's crop: written as further columns.
    ///
    /// # Errors
    /// If the predictor has none, or the device fails.
    pub fn with_uncertainty(mut self, predictor: &dyn KeypointPredictor) -> anyhow::Result<Self> {
        let faces = match &self.input {
            Input::TestSet(test) => test.pictures(),
            Input::Photos(_, faces) => faces,
        };
        let sources = vec![Source::default(); faces.len()];
        let bar = count_bar(faces.len(), "faces, uncertainty");
        let uncertainty =
            predictor.uncertainty(faces, &sources, &mut |done| bar.set_position(done as u64))?;
        bar.finish_and_clear();
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
        }
    }

    fn name_column(&self) -> &'static str {
        match self.input {
            Input::TestSet(_) => "ImageId",
            Input::Photos(..) => "picture",
        }
    }

    /// One line per picture: its name, then a column per coordinate.
    pub fn to_csv(&self) -> String {
        let mut text = self.name_column().to_owned();
        for coordinate in &self.coordinates {
            let _ = write!(text, ",{}", self.schema.coordinate_name(*coordinate));
        }
        let uncertain = self.uncertain();
        for keypoint in &uncertain {
            let _ = write!(text, ",{}_uncertainty", self.schema.name_of(*keypoint));
        }
        text.push('\n');
        for (index, (name, face)) in self.names().iter().zip(&self.keypoints).enumerate() {
            text.push_str(&quoted(name));
            for &coordinate in &self.coordinates {
                text.push(',');
                if let Some(value) = face.get(coordinate) {
                    let _ = write!(text, "{value:.3}");
                }
            }
            for keypoint in &uncertain {
                text.push(',');
                if let Some(pixels) = self.uncertainty(index, *keypoint) {
                    let _ = write!(text, "{pixels:.3}");
                }
            }
            text.push('\n');
        }
        text
    }

    fn uncertainty(&self, face: usize, keypoint: Keypoint) -> Option<f32> {
        self.uncertainty.as_ref()?.get(face)?.get(&keypoint).copied()
    }

    /// An array of objects: the picture's name, its keypoints as `[x, y]`, and after
    /// [`with_uncertainty`](Self::with_uncertainty) the uncertainty of each.
    ///
    /// # Errors
    /// Never, as far as is known: numbers and names can always be written.
    pub fn to_json(&self) -> anyhow::Result<String> {
        let named = |keypoint: Keypoint| self.schema.name_of(keypoint).to_owned();
        let picture = |(index, (name, face)): (usize, (String, &Labels))| {
            let keypoints: Map<String, Value> = face
                .points()
                .map(|(keypoint, point)| (named(keypoint), json!([point.x, point.y])))
                .collect();
            let mut found = json!({ self.name_column(): name, "keypoints": keypoints });
            if self.uncertainty.is_some() {
                let one =
                    |one: &Keypoint| Some((named(*one), json!(self.uncertainty(index, *one)?)));
                let all: Map<String, Value> = self.uncertain().iter().filter_map(one).collect();
                found["uncertainty"] = all.into();
            }
            found
        };
        let pictures: Vec<Value> =
            self.names().into_iter().zip(&self.keypoints).enumerate().map(picture).collect();
        Ok(serde_json::to_string_pretty(&pictures)? + "\n")
    }

    /// Writes a text to a file, or to standard output where none is named.
    ///
    /// # Errors
    /// With the file.
    pub fn write(&self, text: &str, file: Option<&Path>) -> anyhow::Result<()> {
        match file {
            Some(path) => keypoints_data::write_atomically(path, text.as_bytes())
                .with_context(|| format!("{}: cannot write", path.display())),
            None => Ok(print(text)?),
        }
    }

    /// Draws every photo with its keypoints, or the first faces of test.csv as one grid. Returns the files.
    ///
    /// # Errors
    /// With the file that cannot be written.
    pub fn draw(&self, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("{}: cannot create", folder.display()))?;
        match &self.input {
            Input::TestSet(test) => {
                let named = self.names().into_iter().zip(&self.keypoints).enumerate();
                let cells: Vec<PictureCell<'_>> = named
                    .take(GRID)
                    .filter_map(|(index, (name, face))| {
                        let picture = Picture::of(test.pictures(), index)?;
                        let marks = vec![MarkSet::prediction(face.clone())];
                        Some(PictureCell { picture, marks, caption: format!("image {name}") })
                    })
                    .collect();
                let title = "Predicted keypoints of test faces".to_owned();
                let path = folder.join("test_faces.png");
                picture_grid(&path, &cells, &PictureGridOptions { title, ..Default::default() })?;
                Ok(vec![path])
            }
            Input::Photos(photos, _) => {
                let mut taken = BTreeSet::new();
                let faces = photos.iter().zip(&self.keypoints);
                faces
                    .map(|(photo, face)| draw_photo(photo, face.clone(), folder, &mut taken))
                    .collect()
            }
        }
    }
}

/// Draws into a file with the photo's name, numbered where another photo has taken it.
fn draw_photo(
    photo: &Photo,
    face: Labels,
    folder: &Path,
    taken: &mut BTreeSet<PathBuf>,
) -> anyhow::Result<PathBuf> {
    let stem = photo.path().file_stem().unwrap_or_default().to_string_lossy();
    let mut path = folder.join(format!("{stem}_keypoints.png"));
    let mut number = 2;
    while !taken.insert(path.clone()) {
        path = folder.join(format!("{stem}-{number}_keypoints.png"));
        number += 1;
    }
    let grey = photo.picture().picture().to_luma8();
    let image = Picture::grey(grey.as_raw(), grey.width(), grey.height())
        .context("the picture has no pixels")?;
    overlay(&path, image, &[MarkSet::prediction(face)], &OverlayOptions::default())?;
    Ok(path)
}

/// A CSV cell; file names may hold commas and quotes.
fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
