//! From points to the crop that shows them as the network knows faces.

use keypoints_core::{Crop, CropTemplate, Labels, Region, Schema};
use keypoints_predict::ModelRecord;

/// How the pictures that a network was trained on were cut, and so how it wants to see a face.
#[derive(Clone, Debug)]
pub(crate) enum Alignment {
    /// Its points lie near the places of a template.
    Template(CropTemplate),
    /// It was cut around its points, with this margin.
    Margin(f64),
    /// Nothing is known: a crop stays as it is.
    Unknown,
}

/// A crop whose side differs by more than this factor from that of the face's first crop does not follow from points of the same face.
/// From boxes that are 1.7 times too large, a factor of 2 lost 3 of Helen's 330 test faces, this one 1.
const LARGEST_RATIO: f64 = 2.5;

/// Nor does a crop whose middle is further from that of the first one than this share of its side.
const LARGEST_MOVE: f64 = 0.5;

impl Alignment {
    /// The alignment that a model file asks for.
    pub(crate) fn of(record: &ModelRecord) -> Self {
        match (&record.crop, record.margin) {
            (Some(template), _) => Self::Template(template.clone()),
            (None, Some(margin)) => Self::Margin(margin),
            (None, None) => Self::Unknown,
        }
    }

    /// The first crop of a face in a box. `None` where the box has no area.
    pub(crate) fn first(&self, region: Region) -> Option<Crop> {
        let has_area = region.right > region.left && region.bottom > region.top;
        has_area.then(|| region.crop(self.margin()))?
    }

    /// The box around the face of a crop: the one that [`Alignment::first`] would take.
    pub(crate) fn region(&self, crop: &Crop) -> Region {
        Crop { side: crop.side / (1.0 + 2.0 * self.margin()), ..*crop }.region()
    }

    /// Whether points tell where the crop should lie.
    pub(crate) fn is_known(&self) -> bool {
        !matches!(self, Self::Unknown)
    }

    fn margin(&self) -> f64 {
        match self {
            Self::Margin(margin) => *margin,
            Self::Template(_) | Self::Unknown => 0.0,
        }
    }

    /// The crop for points of a photo. `None` where nothing is known of the network's crops, or the points do not say where it lies.
    /// `roll` is that of the crop where the points do not tell it.
    pub(crate) fn crop_of(&self, schema: &Schema, points: &Labels, roll: f64) -> Option<Crop> {
        match self {
            Self::Template(template) => Crop::fit(template, schema, points),
            Self::Margin(margin) => Crop::around(points, *margin, roll),
            Self::Unknown => None,
        }
    }

    /// The crop for points that were found on a face's first crop, or on one that followed from it. `None` where that is not known, or where
    /// it lies too far from the first crop to show the same face.
    pub(crate) fn refit(&self, schema: &Schema, points: &Labels, first: &Crop) -> Option<Crop> {
        self.crop_of(schema, points, first.roll).filter(|crop| {
            let Change { ratio, moved, .. } = Change::between(first, crop);
            ratio <= LARGEST_RATIO && moved <= LARGEST_MOVE
        })
    }
}

/// How far two crops differ.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    /// The longer side over the shorter one.
    pub(crate) ratio: f64,
    /// The distance of the middles, in sides of the first.
    pub(crate) moved: f64,
    /// The angle between them in radians, from 0 to π.
    pub(crate) turned: f64,
}

impl Change {
    pub(crate) fn between(one: &Crop, other: &Crop) -> Self {
        let [x, y] = [0, 1].map(|axis| one.centre[axis] - other.centre[axis]);
        let turned = (one.roll - other.roll).rem_euclid(std::f64::consts::TAU);
        Self {
            ratio: (one.side / other.side).max(other.side / one.side),
            moved: x.hypot(y) / one.side,
            turned: turned.min(std::f64::consts::TAU - turned),
        }
    }

    /// Whether points that were found on the first crop are worth a second look on the other.
    pub(crate) fn is_large(&self) -> bool {
        self.ratio > 1.15 || self.moved > 0.08 || self.turned > 0.2
    }
}

#[cfg(test)]
mod tests;
