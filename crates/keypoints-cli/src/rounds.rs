//! Pictures of pseudo-labels: the best and the worst faces of a round.

use std::path::PathBuf;

use anyhow::Context;
use keypoints_core::Dataset;
use keypoints_train::RunFolder;
use keypoints_train::strategy::pseudo_labels::{PseudoLabelled, ROUNDS_FILE, Round};

use crate::imputed_faces::{ImputedFace, draw_imputed_faces};

/// Draws the five best and the five worst faces of the first, the middle and the last round of a run by pseudo-labels, as
/// `pseudo_labels_round_01` and so on, into its `pictures/`. Nothing for a run of another strategy.
///
/// # Errors
/// With the file that cannot be read or written.
pub fn draw_rounds(run: &RunFolder, faces: &Dataset) -> anyhow::Result<Vec<PathBuf>> {
    let path = run.path().join(ROUNDS_FILE);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text = std::fs::read(&path).with_context(|| format!("{}: cannot read", path.display()))?;
    let rounds: Vec<Round> = serde_json::from_slice(&text)
        .with_context(|| format!("{}: not the rounds of a run", path.display()))?;
    let last = rounds.len();
    let mut files = Vec::new();
    for round in rounds.iter().filter(|one| [1, last.div_ceil(2), last].contains(&one.round)) {
        let cell = |(kind, one): (&str, &PseudoLabelled)| ImputedFace {
            row: one.row,
            known: faces.labels()[one.row].clone(),
            filled: one.labels.clone(),
            caption: match one.known_mse {
                Some(mse) => format!("{kind}: row {}, {:.2} px", one.row + 1, mse.sqrt()),
                None => format!("{kind}: row {}, no label", one.row + 1),
            },
        };
        let best = round.best.iter().map(|one| ("best", one));
        let worst = round.worst.iter().map(|one| ("worst", one));
        let known = |(_, one): &(&str, &PseudoLabelled)| one.row < faces.len();
        let cells: Vec<ImputedFace> = best.chain(worst).filter(known).map(cell).collect();
        let name = format!("pseudo_labels_round_{:02}", round.round);
        let title = format!("Round {}: gaps filled by the network", round.round);
        let folder = run.pictures_path();
        files.extend(draw_imputed_faces(&folder, &name, &title, faces.pictures(), &cells)?);
    }
    Ok(files)
}
