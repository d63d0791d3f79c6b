//! Keypoints of many pictures, as a table, as JSON, as overlays.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context;
use keypoints_data::{Coordinate, Images, Keypoint, LabelRegime, Labels, TestSet};
use keypoints_plot::{
    FaceCell, FaceGridOptions, GreyImage, MarkSet, OverlayOptions, face_grid, overlay,
};
use keypoints_train::{KeypointPredictor, KeypointSpreads};
use serde_json::{Map, Value, json};

use crate::exit::print;
use crate::photo::Photo;
use crate::progress::count_bar;

/// Faces of test.csv that are drawn.
const GRID: usize = 20;

/// What was predicted, in the pixels of each picture.
#[derive(Debug)]
pub struct Predictions {
    source: Source,
    keypoints: Vec<Labels>,
    coordinates: Vec<Coordinate>,
    spreads: Option<Vec<KeypointSpreads>>,
}

#[derive(Debug)]
enum Source {
    TestSet(TestSet),
    /// With the faces in them.
    Photos(Vec<Photo>, Images),
}

impl Predictions {
    /// Predicts the faces of test.csv.
    ///
    /// # Errors
    /// If the device fails.
    pub fn of_test_set(predictor: &dyn KeypointPredictor, test: &TestSet) -> anyhow::Result<Self> {
        let bar = count_bar(test.len(), "faces");
        let keypoints =
            predictor.predict_with(test.images(), &mut |done| bar.set_position(done as u64))?;
        bar.finish_and_clear();
        let (coordinates, source) = (predictor.coordinates(), Source::TestSet(test.clone()));
        Ok(Self { source, keypoints, coordinates, spreads: None })
    }

    /// Predicts picture files, each taken as one face: where its keypoints are, not where the annotators of the training
    /// faces would have marked them.
    ///
    /// # Errors
    /// If a file is no picture, or the device fails.
    pub fn of_pictures(
        predictor: &dyn KeypointPredictor,
        files: &[PathBuf],
    ) -> anyhow::Result<Self> {
        let photos = files.iter().map(|file| Photo::open(file)).collect::<Result<Vec<_>, _>>()?;
        let pixels = photos.iter().flat_map(|photo| photo.picture().face()).collect();
        let images = Images::from_pixels(pixels).context("a face is not 96×96 pixels")?;
        let bar = count_bar(images.len(), "faces");
        let faces =
            predictor.predict_on_picture(&images, &mut |done| bar.set_position(done as u64))?;
        bar.finish_and_clear();
        let keypoints = photos
            .iter()
            .zip(&faces)
            .map(|(photo, face)| photo.picture().labels_to_picture(face))
            .collect();
        let (coordinates, source) = (predictor.coordinates(), Source::Photos(photos, images));
        Ok(Self { source, keypoints, coordinates, spreads: None })
    }

    /// Asks as well how unsure the predictor is of every point: written as further columns, in pixels of the face at 96×96.
    ///
    /// # Errors
    /// If it cannot tell, or the device fails.
    pub fn with_spreads(mut self, predictor: &dyn KeypointPredictor) -> anyhow::Result<Self> {
        let faces = match &self.source {
            Source::TestSet(test) => test.images(),
            Source::Photos(_, faces) => faces,
        };
        let regimes = vec![LabelRegime::Full; faces.len()];
        let bar = count_bar(faces.len(), "faces, how unsure");
        let spreads =
            predictor.spreads(faces, &regimes, &mut |done| bar.set_position(done as u64))?;
        bar.finish_and_clear();
        let cannot =
            "--spreads: expected networks with heat maps, or several runs; what answers is neither";
        self.spreads = Some(spreads.context(cannot)?);
        Ok(self)
    }

    /// The keypoints that have columns of their own for how unsure they are.
    fn unsure(&self) -> Vec<Keypoint> {
        let known = |one: &Keypoint| self.coordinates.contains(&one.x());
        let all = Keypoint::ALL.into_iter().filter(known);
        if self.spreads.is_some() { all.collect() } else { Vec::new() }
    }

    fn names(&self) -> Vec<String> {
        match &self.source {
            Source::TestSet(test) => test.image_ids().iter().map(u32::to_string).collect(),
            Source::Photos(photos, _) => {
                photos.iter().map(|photo| photo.path().display().to_string()).collect()
            }
        }
    }

    fn name_column(&self) -> &'static str {
        match self.source {
            Source::TestSet(_) => "ImageId",
            Source::Photos(..) => "picture",
        }
    }

    /// One line per picture: its name, then a column per coordinate.
    pub fn to_csv(&self) -> String {
        let mut text = self.name_column().to_owned();
        for coordinate in &self.coordinates {
            let _ = write!(text, ",{coordinate}");
        }
        let unsure = self.unsure();
        for keypoint in &unsure {
            let _ = write!(text, ",{keypoint}_spread");
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
            for keypoint in &unsure {
                text.push(',');
                if let Some(spread) = self.spread(index, *keypoint) {
                    let _ = write!(text, "{spread:.3}");
                }
            }
            text.push('\n');
        }
        text
    }

    fn spread(&self, face: usize, keypoint: Keypoint) -> Option<f32> {
        self.spreads.as_ref()?.get(face)?.get(&keypoint).copied()
    }

    /// An array of objects: the picture's name, its keypoints as `[x, y]`, and with [`with_spreads`](Self::with_spreads) how unsure each is.
    ///
    /// # Errors
    /// Never, as far as is known: numbers and names can always be written.
    pub fn to_json(&self) -> anyhow::Result<String> {
        let picture = |(index, (name, face)): (usize, (String, &Labels))| {
            let keypoints: Map<String, Value> = face
                .points()
                .map(|(keypoint, point)| (keypoint.to_string(), json!([point.x, point.y])))
                .collect();
            let mut found = json!({ self.name_column(): name, "keypoints": keypoints });
            if self.spreads.is_some() {
                let spread =
                    |one: &Keypoint| Some((one.to_string(), json!(self.spread(index, *one)?)));
                let spreads: Map<String, Value> = self.unsure().iter().filter_map(spread).collect();
                found["spreads"] = spreads.into();
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
        match &self.source {
            Source::TestSet(test) => {
                let cells: Vec<FaceCell<'_>> = test
                    .images()
                    .iter()
                    .zip(self.names().into_iter().zip(&self.keypoints))
                    .take(GRID)
                    .filter_map(|(pixels, (name, &face))| {
                        let image = GreyImage::face(pixels)?;
                        let marks = vec![MarkSet::prediction(face)];
                        Some(FaceCell { image, marks, caption: format!("image {name}") })
                    })
                    .collect();
                let title = "Predicted keypoints of test faces".to_owned();
                let path = folder.join("test_faces.png");
                face_grid(&path, &cells, &FaceGridOptions { title, ..Default::default() })?;
                Ok(vec![path])
            }
            Source::Photos(photos, _) => {
                let mut taken = BTreeSet::new();
                let faces = photos.iter().zip(&self.keypoints);
                faces.map(|(photo, &face)| draw_photo(photo, face, folder, &mut taken)).collect()
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
    let gray = photo.picture().gray();
    let image = GreyImage::new(gray.as_raw(), gray.width(), gray.height())
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
