//! Windows without a face that a network takes for faces.

use burn::tensor::Device;
use keypoints_core::Crop;
use keypoints_finder::FinderError;
use keypoints_finder::networks::{Proposer, Verifier};
use keypoints_finder::planes::Octaves;
use keypoints_finder::search::{Candidate, overlap, propose, suppress, verify};

/// A window of one of the pictures without a face.
#[derive(Clone, Copy, Debug)]
pub(super) struct Seen {
    pub(super) picture: usize,
    pub(super) window: Crop,
}

/// Which windows of a picture are taken.
#[derive(Clone, Copy)]
pub(super) struct Taken {
    /// Log odds that they need.
    pub(super) above: f32,
    /// Of several that share more of their area, the likeliest.
    pub(super) overlap: f64,
    /// At most so many of a picture, the likeliest.
    pub(super) most: usize,
}

/// Windows that the proposer takes for faces: where it looked or, if `moved`, where it thinks that the face is.
pub(super) fn proposed(
    network: &Proposer,
    negatives: &[Octaves],
    taken: Taken,
    moved: bool,
    device: &Device,
    progress: &mut dyn FnMut(usize),
) -> Result<Vec<Seen>, FinderError> {
    let mut found = Vec::new();
    for (picture, octaves) in negatives.iter().enumerate() {
        let all = propose(network, octaves, taken.above, device)?;
        let all = all.iter().map(|(window, answer)| match moved {
            true => Candidate::of(window, answer),
            false => Candidate { crop: *window, logit: answer.logit },
        });
        let all = suppress(all.collect(), |one, other| overlap(one, other) > taken.overlap);
        found
            .extend(all.into_iter().take(taken.most).map(|one| Seen { picture, window: one.crop }));
        progress(picture + 1);
    }
    Ok(found)
}

/// Those of some windows that the verifier takes for faces as well.
pub(super) fn believed(
    network: &Verifier,
    negatives: &[Octaves],
    windows: &[Seen],
    above: f32,
    device: &Device,
) -> Result<Vec<Seen>, FinderError> {
    let mut found = Vec::new();
    for of_one in windows.chunk_by(|one, other| one.picture == other.picture) {
        let all: Vec<Crop> = of_one.iter().map(|one| one.window).collect();
        let answers = verify(network, &negatives[of_one[0].picture], &all, device)?;
        let wrong = of_one.iter().zip(answers).filter(|(_, answer)| answer.logit > above);
        found.extend(wrong.map(|(seen, _)| *seen));
    }
    Ok(found)
}
