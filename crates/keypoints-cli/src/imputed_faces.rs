//! Faces with the labels they have and the ones they were given.

use std::path::{Path, PathBuf};

use keypoints_core::{Labels, Pictures};
use keypoints_plot::{
    Colour, MarkSet, MarkStyle, Picture, PictureCell, PictureGridOptions, picture_grid,
};

use crate::pictures::{both, create};

/// A face of [`draw_imputed_faces`].
#[derive(Clone, Debug, PartialEq)]
pub struct ImputedFace {
    /// Its row among the images, from 0.
    pub row: usize,
    /// The labels in the file.
    pub known: Labels,
    /// The labels of a whole face, or of as much as could be filled. Shown are the points that `known` lacks.
    pub filled: Labels,
    /// One line below the face.
    pub caption: String,
}

/// Draws faces with their known points as rings and the filled-in ones as dots, as `NAME.png` and `NAME.svg`
/// in a folder. Rows that the images do not have are left out. Returns the files.
///
/// The filled points may come from anywhere: an imputer, or a network that labels faces for another.
///
/// ```
/// use keypoints_cli::{ImputedFace, draw_imputed_faces};
/// use keypoints_data::impute::{ColumnMean, FittedImputer, Imputer, Rows};
/// use keypoints_data::synth::{SynthConfig, generate};
///
/// let faces = generate(&SynthConfig { training: 20, test: 0, ..Default::default() }).training;
/// let filled = ColumnMean {}.fit(&Rows::of(&faces)).transform(&Rows::of(&faces));
/// let face = |row: usize| ImputedFace {
///     row,
///     known: faces.labels()[row].clone(),
///     filled: filled[row].clone(),
///     caption: format!("row {}", row + 1),
/// };
/// let cells: Vec<ImputedFace> = (10..15).map(face).collect();
///
/// let folder = tempfile::tempdir()?;
/// let files = draw_imputed_faces(folder.path(), "column_mean", "Filled by column mean", faces.pictures(), &cells)?;
/// assert!(files.iter().all(|file| file.exists()));
/// # Ok::<(), anyhow::Error>(())
/// ```
///
/// # Errors
/// If there is no face, or with the file that cannot be written.
pub fn draw_imputed_faces(
    folder: &Path,
    name: &str,
    title: &str,
    images: &Pictures,
    faces: &[ImputedFace],
) -> anyhow::Result<Vec<PathBuf>> {
    create(folder)?;
    let cells: Vec<PictureCell<'_>> = faces
        .iter()
        .filter(|face| face.row < images.len())
        .filter_map(|face| {
            let image = Picture::of(images, face.row)?;
            Some(PictureCell { picture: image, marks: marks(face), caption: face.caption.clone() })
        })
        .collect();
    let options = PictureGridOptions { title: title.to_owned(), link: false, ..Default::default() };
    both(folder, name, |path| picture_grid(path, &cells, &options))
}

/// A point of which one coordinate was filled is a filled point.
fn marks(face: &ImputedFace) -> Vec<MarkSet> {
    let mut new = Labels::default();
    for (keypoint, point) in face.filled.points() {
        if face.known.point(keypoint).is_none() {
            new.set_point(keypoint, point);
        }
    }
    vec![
        MarkSet { name: "label".into(), ..MarkSet::truth(face.known.clone()) },
        MarkSet {
            name: "filled in".into(),
            points: new,
            style: MarkStyle::Dot,
            colour: Colour::PREDICTION,
        },
    ]
}

#[cfg(test)]
mod tests;
