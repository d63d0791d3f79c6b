//! Predictions as pictures.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use keypoints_core::Labels;
use keypoints_data::photos::Crops;
use keypoints_plot::{
    JudgedPicture, MarkSet, OverlayOptions, Picture, PictureCell, PictureGridOptions, overlay,
    picture_grid, worst_pictures,
};

use super::{Input, Predictions};

/// Faces that are drawn into one picture.
const GRID: usize = 20;

impl Predictions {
    /// Draws every photo with its keypoints, the first faces of test.csv as one grid, or the labelled pictures with the largest errors. Returns the files.
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
            Input::Own { crops, .. } => {
                let path = folder.join("worst.png");
                self.draw_worst(crops, &path)?;
                Ok(vec![path])
            }
            Input::Photos(files) => {
                let mut taken = BTreeSet::new();
                let faces = files.iter().zip(&self.keypoints);
                faces
                    .map(|(file, face)| draw_photo(file, face.clone(), folder, &mut taken))
                    .collect()
            }
        }
    }
}

impl Predictions {
    /// Draws the crops with the largest errors, or the first ones where there are no labels.
    fn draw_worst(&self, crops: &Crops, path: &Path) -> anyhow::Result<()> {
        let dataset = &crops.dataset;
        let shape = dataset.pictures().shape();
        let same = dataset.schema().names() == self.schema.names();
        let judged = (0..dataset.len()).zip(&self.keypoints).filter_map(|(row, labels)| {
            Some(JudgedPicture {
                picture: Picture::of(dataset.pictures(), row)?,
                truth: if same { dataset.labels()[row].clone() } else { Labels::default() },
                prediction: crops.crops[row].labels_to_crop(shape, labels),
                name: dataset.row_name(row),
            })
        });
        let title = "Pictures with the largest error".to_owned();
        let options = PictureGridOptions { title, ..Default::default() };
        Ok(worst_pictures(path, &judged.collect::<Vec<_>>(), GRID, &options)?)
    }
}

/// Draws into a file with the photo's name, numbered where another photo has taken it.
fn draw_photo(
    file: &Path,
    face: Labels,
    folder: &Path,
    taken: &mut BTreeSet<PathBuf>,
) -> anyhow::Result<PathBuf> {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let mut path = folder.join(format!("{stem}_keypoints.png"));
    let mut number = 2;
    while !taken.insert(path.clone()) {
        path = folder.join(format!("{stem}-{number}_keypoints.png"));
        number += 1;
    }
    // Opened again: all of them together could be more than fits into memory.
    let grey = keypoints_image::Picture::open(file)?.into_image().into_luma8();
    let image = Picture::grey(grey.as_raw(), grey.width(), grey.height())
        .context("the picture has no pixels")?;
    overlay(&path, image, &[MarkSet::prediction(face)], &OverlayOptions::default())?;
    Ok(path)
}
