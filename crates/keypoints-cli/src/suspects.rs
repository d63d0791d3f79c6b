//! Suspicious rows for people to look at.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use comfy_table::{CellAlignment, Table};
use keypoints_core::{Dataset, Schema};
use keypoints_plot::{MarkSet, Picture, PictureCell, PictureGridOptions, picture_grid};
use keypoints_train::HeldOutPredictions;
use keypoints_train::label_errors::Suspect;

use crate::pictures::{both, create};

/// Suspicious rows as a table, in their order.
///
/// ```
/// use keypoints_core::{Schema, kaggle15};
/// use keypoints_train::label_errors::Suspect;
///
/// let (source, keypoint) = (kaggle15::FULL, kaggle15::NOSE_TIP);
/// let one = Suspect { row: 1747, source, score: 31.4, keypoint, residual: 25.0 };
/// assert!(keypoints_cli::suspect_table(&Schema::kaggle15(), &[one]).contains("1748"));
/// ```
pub fn suspect_table(schema: &Schema, suspects: &[Suspect]) -> String {
    let mut table = Table::new();
    table.load_style(comfy_table::presets::ASCII_MARKDOWN);
    table.set_header(["row", "source", "score", "worst keypoint", "off by, px"]);
    for one in suspects {
        table.add_row([
            (one.row + 1).to_string(),
            schema.source(one.source).name().replace('_', "-"),
            format!("{:.1}", one.score),
            schema.name_of(one.keypoint).to_owned(),
            format!("{:.1}", one.residual),
        ]);
    }
    for column in [0, 2, 4] {
        if let Some(column) = table.column_mut(column) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table.to_string()
}

/// Draws suspicious faces with their labels and what was predicted, in their order, as `suspicious.png` and `.svg` in a
/// folder. Returns the files; none without suspects.
///
/// # Errors
/// With the file that cannot be written.
pub fn draw_suspects(
    folder: &Path,
    dataset: &Dataset,
    predictions: &HeldOutPredictions,
    suspects: &[Suspect],
) -> anyhow::Result<Vec<PathBuf>> {
    let of_row: BTreeMap<usize, _> =
        predictions.rows.iter().map(|one| (one.row, &one.prediction)).collect();
    let cells: Vec<PictureCell<'_>> = suspects
        .iter()
        .filter(|one| one.row < dataset.len())
        .filter_map(|one| {
            let truth = dataset.labels()[one.row].clone();
            let prediction = of_row.get(&one.row)?;
            let seen =
                truth.present().filter_map(|(at, _)| Some((at, prediction.get(at)?))).collect();
            Some(PictureCell {
                picture: Picture::of(dataset.pictures(), one.row)?,
                marks: vec![
                    MarkSet { name: "label".into(), ..MarkSet::truth(truth) },
                    MarkSet::prediction(seen),
                ],
                caption: format!("row {} · {:.0} · {:.1} px", one.row + 1, one.score, one.residual),
            })
        })
        .collect();
    if cells.is_empty() {
        return Ok(Vec::new());
    }
    create(folder)?;
    let title = "Suspicious labels: row, score, worst error".to_owned();
    let options = PictureGridOptions { title, ..Default::default() };
    both(folder, "suspicious", |path| picture_grid(path, &cells, &options))
}
