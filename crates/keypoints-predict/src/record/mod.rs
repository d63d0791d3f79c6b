//! What a network is, and what its outputs mean.

mod file;

use std::sync::Arc;

use burn::module::Module;
use burn::tensor::Device;
use keypoints_core::{
    Axis, Coordinate, CoordinateScale, CropTemplate, LabelShifts, PictureShape, Schema, Source,
};
use keypoints_models::{BuildNetwork, KeypointNetwork, NetworkConfig};
use serde::{Deserialize, Serialize};

use crate::calibration::Calibration;
use crate::error::PredictError;
use crate::heads::Heads;
use crate::outputs::Outputs;
use crate::tta::{LARGEST_SHIFT, TestTimeAugmentation};
use file::RecordFile;

/// All that is needed to rebuild a network and to read its outputs: schema, picture shape, crop template, settings. Part of every
/// model file and run folder; whoever opens one needs nothing else.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "RecordFile", into = "RecordFile")]
pub struct ModelRecord {
    /// What points mean.
    pub schema: Arc<Schema>,
    /// The pictures that it was trained on.
    pub pictures: PictureShape,
    /// Where faces lie in these pictures, if that is known.
    pub crop: Option<CropTemplate>,
    /// The margin around the regions of photos that its pictures were cut from, if they were: see
    /// [`Region::crop`](keypoints_core::Region::crop).
    pub margin: Option<f64>,
    /// The network, with as many outputs as there are coordinates, times the heads.
    pub network: NetworkRecord,
    /// What the outputs of a head stand for, in order.
    pub coordinates: Vec<Coordinate>,
    /// One set of outputs for all rows or one per label source.
    pub heads: Heads,
    /// What the outputs' numbers mean.
    pub scale: CoordinateScale,
    /// Over which versions of a picture predictions are averaged.
    pub tta: TestTimeAugmentation,
    /// How far beside its predictions each source marks points.
    pub label_shifts: LabelShifts,
    /// How far its predictions lie from labels by the spread of their heat maps, if that has been measured.
    pub calibration: Option<Calibration>,
    /// The label sources that the network predicts for.
    pub sources: Vec<Source>,
    /// What it was trained on.
    pub training: TrainingRecord,
}

/// A network in a record: the settings of a registered one, or the name of a program's own.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum NetworkRecord {
    /// One of the registry.
    Registered(NetworkConfig),
    /// One that a program defines: see [`BuildNetwork`].
    Own {
        /// What the program calls it.
        own_network: String,
        /// Number of its outputs.
        outputs: usize,
        /// Whether outputs are normalised coordinates in −1..1.
        answers_in_places: bool,
    },
}

impl NetworkRecord {
    /// The record of a network with so many outputs, for pictures of this shape.
    pub fn of(builder: &impl BuildNetwork, outputs: usize, pictures: PictureShape) -> Self {
        match builder.registered() {
            Some(config) => {
                Self::Registered(config.clone().with_outputs(outputs).with_pictures(pictures))
            }
            None => Self::Own {
                own_network: builder.name().to_owned(),
                outputs,
                answers_in_places: builder.answers_in_places(),
            },
        }
    }

    /// What the network is called.
    pub fn name(&self) -> &str {
        match self {
            Self::Registered(config) => config.name(),
            Self::Own { own_network, .. } => own_network,
        }
    }

    /// Number of outputs.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Registered(config) => config.outputs(),
            Self::Own { outputs, .. } => *outputs,
        }
    }

    /// Whether outputs are normalised coordinates in −1..1, x before y.
    pub fn answers_in_places(&self) -> bool {
        match self {
            Self::Registered(config) => config.settings().answers_in_places(),
            Self::Own { answers_in_places, .. } => *answers_in_places,
        }
    }
}

/// What a network was trained on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrainingRecord {
    /// The network of the run whose weights it started from.
    pub start: Option<String>,
    /// Rows trained on.
    pub rows: usize,
    /// Labels to reach in these rows, filled ones included.
    pub labels: usize,
    /// Epochs of the training.
    pub epochs: usize,
    /// Hash over rows, targets, their sources, coordinates and heads, as sixteen hexadecimal digits.
    pub plan: String,
}

/// Whether x and y of the same keypoint stand side by side throughout.
pub fn are_points(coordinates: &[Coordinate]) -> bool {
    let pair = |pair: &[Coordinate]| match pair {
        [x, y] => x.keypoint == y.keypoint && x.axis == Axis::X && y.axis == Axis::Y,
        _ => false,
    };
    coordinates.chunks(2).all(pair)
}

impl ModelRecord {
    /// What the network's outputs stand for.
    pub fn outputs(&self) -> Outputs<'_> {
        Outputs {
            schema: &self.schema,
            coordinates: &self.coordinates,
            heads: self.heads,
            scale: self.scale,
        }
    }

    /// Makes the recorded network with fresh weights, to be replaced by those of a file.
    ///
    /// # Errors
    /// [`PredictError::Model`] if the settings cannot be used for the recorded pictures.
    pub fn init<B: BuildNetwork>(
        &self,
        builder: &B,
        device: &Device,
    ) -> Result<B::Network, PredictError>
    where
        B::Network: KeypointNetwork + Module,
    {
        Ok(builder.build(self.network.outputs(), self.pictures, device)?)
    }

    /// The uncertainty of a point, in pixels, by the spread of its heat map: calibrated where the record says how.
    pub fn uncertainty_of(&self, source: Source, spread: f32) -> f32 {
        match &self.calibration {
            Some(calibration) => calibration.distance(&self.schema, source, spread),
            None => spread,
        }
    }

    /// What makes predictions impossible to read, if anything does.
    pub fn problem(&self) -> Option<String> {
        let (outputs, wanted) = (self.network.outputs(), self.outputs().len());
        if wanted == 0 || outputs != wanted {
            let (coordinates, heads) = (self.coordinates.len(), self.heads.count(&self.schema));
            return Some(format!(
                "it has {outputs} outputs for {coordinates} coordinates in {heads} heads"
            ));
        }
        let (all, schema) = (&self.coordinates, &self.schema);
        if let Some(at) = (1..all.len()).find(|&at| all[..at].contains(&all[at])) {
            return Some(format!("it has {} twice", schema.coordinate_name(all[at])));
        }
        if !self.pictures.is_valid() {
            return Some(format!("its pictures are {}", self.pictures));
        }
        if let Some(margin) = self.margin.filter(|margin| !(-0.5..=10.0).contains(margin)) {
            return Some(format!("its margin is {margin}"));
        }
        let CoordinateScale { offset, scale } = self.scale;
        if !(offset.is_finite() && scale.is_normal()) {
            return Some(format!("its coordinates have offset {offset} and scale {scale}"));
        }
        let shift = self.tta.shift_average;
        if shift > LARGEST_SHIFT {
            return Some(format!(
                "it averages over places {shift} pixels apart, more than {LARGEST_SHIFT}"
            ));
        }
        if self.network.answers_in_places() && !are_points(&self.coordinates) {
            return Some("its heat maps are not of x and y of one keypoint each".to_owned());
        }
        let shifts = self.label_shifts.pixels();
        let bad = shifts.iter().find(|shift| !shift.is_finite());
        bad.map(|shift| format!("its labels lie {shift} pixels to the right"))
    }
}

#[cfg(test)]
mod tests;
