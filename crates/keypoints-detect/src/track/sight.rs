//! What is seen of the tracks in one frame.

use keypoints_core::Crop;
use keypoints_finder::FoundFace;

use crate::align::Change;
use crate::face::{Face, SAME_CROPS};
use crate::track::one_track::Track;

/// A face that was lost, or that the finder has not seen, is one that is found so many sides of its crop away, or nearer.
const FARTHEST: f64 = 1.0;

/// The longer side over the shorter one, at most, for the two to be one face.
const MOST_RATIO: f64 = 2.0;

/// The faces of one frame that belong to tracks: an entry per track.
#[derive(Debug)]
pub(crate) struct Sight {
    /// `None` for a track that is lost.
    pub(crate) faces: Vec<Option<Face>>,
    /// The score by which the finder has seen the face in this frame.
    pub(crate) scores: Vec<Option<f32>>,
}

impl Sight {
    /// The faces that were followed.
    pub(crate) fn of(faces: Vec<Option<Face>>) -> Self {
        let scores = vec![None; faces.len()];
        Self { faces, scores }
    }

    pub(crate) fn has_lost(&self) -> bool {
        self.faces.iter().any(Option::is_none)
    }

    /// Notes which tracks the finder has seen, by the crops that their points ask for, with the score that it gives them now that their
    /// points are known. Returns what it has seen besides.
    pub(crate) fn confirm(
        &mut self,
        found: Vec<FoundFace>,
        crop_of: impl Fn(&Face) -> Option<Crop>,
        judge: impl Fn(&FoundFace, &Face) -> Option<f32>,
    ) -> Vec<FoundFace> {
        let crops: Vec<Option<Crop>> =
            self.faces.iter().map(|face| crop_of(face.as_ref()?)).collect();
        let overlap = |track: usize, one: usize| {
            let overlap = crops[track]?.region().overlap(found[one].crop.region());
            (overlap > SAME_CROPS).then_some(overlap)
        };
        let pairs = best_pairs(crops.len(), found.len(), overlap);
        for &(track, one) in &pairs {
            let judged = self.faces[track].as_ref().and_then(|face| judge(&found[one], face));
            self.scores[track] = judged;
        }
        let is_left = |one: &usize| pairs.iter().all(|pair| pair.1 != *one);
        (0..found.len()).filter(is_left).map(|one| found[one]).collect()
    }

    /// Gives faces that were just found to the tracks that they belong to: those that show the same face, then, the nearest first, those that
    /// are lost or, after a search, were not seen. Returns the faces that are new.
    pub(crate) fn settle(
        &mut self,
        found: Vec<Face>,
        tracks: &[Track],
        searched: bool,
    ) -> Vec<Face> {
        let mut left: Vec<Face> = Vec::new();
        for face in found {
            let is_same = |one: &Option<Face>| one.as_ref().is_some_and(|one| one.is_same(&face));
            match self.faces.iter().position(is_same) {
                Some(track) => self.scores[track] = self.scores[track].or(Some(face.score)),
                None if left.iter().any(|one| one.is_same(&face)) => {}
                None => left.push(face),
            }
        }
        let nearness = |track: usize, one: usize| {
            let is_loose =
                self.faces[track].is_none() || (searched && self.scores[track].is_none());
            let change = Change::between(&tracks[track].face.crop, &left[one].crop);
            let is_near = change.moved <= FARTHEST && change.ratio <= MOST_RATIO;
            (is_loose && is_near).then_some(-change.moved)
        };
        let pairs = best_pairs(tracks.len(), left.len(), nearness);
        let mut new = Vec::new();
        for (index, face) in left.into_iter().enumerate() {
            match pairs.iter().find(|pair| pair.1 == index) {
                Some(&(track, _)) => {
                    self.scores[track] = Some(face.score);
                    self.faces[track] = Some(face);
                }
                None => new.push(face),
            }
        }
        new
    }
}

/// Pairs of two lists that fit, the best first. Each entry is in one pair at most.
fn best_pairs(
    ones: usize,
    others: usize,
    fit: impl Fn(usize, usize) -> Option<f64>,
) -> Vec<(usize, usize)> {
    let all = (0..ones).flat_map(|one| (0..others).map(move |other| (one, other)));
    let mut all: Vec<_> =
        all.filter_map(|(one, other)| Some((fit(one, other)?, one, other))).collect();
    all.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut pairs: Vec<(usize, usize)> = Vec::new();
    for (_, one, other) in all {
        if pairs.iter().all(|pair| pair.0 != one && pair.1 != other) {
            pairs.push((one, other));
        }
    }
    pairs
}

#[cfg(test)]
mod tests;
