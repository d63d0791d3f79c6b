//! Small networks with weights that make their points depend on the picture.

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Device, Distribution, Tensor};
use keypoints_core::{Coordinate, CoordinateScale, PictureShape, Pictures, Schema};
use keypoints_models::NetworkConfig;
use keypoints_predict::{Heads, Model, ModelRecord, NetworkRecord, Predictor};

/// A network for all points of the competition.
pub(super) fn predictor(config: &NetworkConfig, shape: PictureShape, heads: Heads) -> Predictor {
    predictor_of(config, shape, heads, Schema::kaggle15().coordinates().collect())
}

/// A network for these coordinates.
pub(super) fn predictor_of(
    config: &NetworkConfig,
    pictures: PictureShape,
    heads: Heads,
    coordinates: Vec<Coordinate>,
) -> Predictor {
    let (schema, device) = (Schema::kaggle15(), Device::flex());
    let outputs = coordinates.len() * heads.count(&schema);
    let record = ModelRecord {
        network: NetworkRecord::of(config, outputs, pictures),
        sources: schema.source_indices().collect(),
        scale: CoordinateScale::centred(pictures.side),
        tta: Default::default(),
        label_shifts: Default::default(),
        training: Default::default(),
        crop: None,
        margin: None,
        calibration: None,
        coordinates,
        heads,
        pictures,
        schema,
    };
    device.seed(7);
    let network = record.init(config, &device).unwrap().map(&mut Shaken);
    Predictor::of_model(Model { network, record, epoch: 1 }, None, &device)
}

/// Draws weights as a training might leave them: fresh heat maps are flat, fresh batch norms do nothing.
struct Shaken;

impl ModuleMapper for Shaken {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, value, mapper) = param.consume();
        let dims = value.dims();
        let value = match D {
            // Positive: variances are among them.
            1 => value + Tensor::random(dims, Distribution::Uniform(0.0, 0.5), &Device::flex()),
            _ => {
                let fan_in: usize = if D == 2 { dims[0] } else { dims[1..].iter().product() };
                let spread = (2.0 / fan_in as f64).sqrt();
                Tensor::random(dims, Distribution::Normal(0.0, spread), &Device::flex())
            }
        };
        Param::from_mapped_value(id, value, mapper)
    }
}

/// Pictures of noise on a ramp, each brighter than the one before.
pub(super) fn pictures(shape: PictureShape, count: usize) -> Pictures {
    let mut state = 1_u32;
    let pixel = |index: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        let picture = index / shape.bytes();
        let ramp = (index % shape.side) * (picture + 1);
        (50 * (picture as u32 % 3) + ramp as u32 % 80 + (state >> 24) % 64) as u8
    };
    Pictures::new(shape, (0..count * shape.bytes()).map(pixel).collect()).unwrap()
}
