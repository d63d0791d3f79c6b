//! Labels as tensors: what to reach, and where there is anything to reach.

use burn::tensor::{Device, Int, Tensor, TensorData};
use keypoints_core::{Labels, Source};
use keypoints_predict::Outputs;

/// The labels of many rows on a device.
///
/// A gap is a 0 in the mask; the 0 that stands in `values` beside it only keeps the arithmetic finite.
///
/// ```
/// use burn::tensor::Device;
/// use keypoints_core::{CoordinateScale, Labels, Schema, kaggle15};
/// use keypoints_predict::{Heads, Outputs};
/// use keypoints_train::Targets;
///
/// let coordinates = [kaggle15::NOSE_TIP.x(), kaggle15::NOSE_TIP.y()];
/// let (schema, scale) = (Schema::kaggle15(), CoordinateScale::centred(96));
/// let outputs = Outputs { schema: &schema, coordinates: &coordinates, heads: Heads::Shared, scale };
/// let labels: Labels = [(kaggle15::NOSE_TIP.x(), 72.0)].into_iter().collect();
/// let targets = Targets::upload(&outputs, &[labels], &[kaggle15::FOUR_POINT], &Device::flex());
/// let (values, mask) = targets.gather(&[0]);
/// assert_eq!(values.into_data().try_to_vec::<f32>()?, [0.5, 0.0]);
/// assert_eq!(mask.into_data().try_to_vec::<f32>()?, [1.0, 0.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Targets {
    values: Tensor<2>,
    mask: Tensor<2>,
}

impl Targets {
    /// Copies labels to the device: one row per picture, one column per output, in the network's units. A row teaches the outputs
    /// of one source alone. `sources` has one entry per row: whose labels these are, before a strategy filled their gaps.
    ///
    /// # Shapes
    /// - held: `[rows, outputs]`, values and mask
    pub fn upload(
        outputs: &Outputs<'_>,
        labels: &[Labels],
        sources: &[Source],
        device: &Device,
    ) -> Self {
        let shape = [labels.len(), outputs.len()];
        let cells = || {
            let rows = labels.iter().zip(sources);
            rows.flat_map(|(labels, &source)| outputs.targets(source, labels))
        };
        let values: Vec<f32> = cells().map(Option::unwrap_or_default).collect();
        let mask: Vec<f32> = cells().map(|value| f32::from(u8::from(value.is_some()))).collect();
        Self {
            values: Tensor::from_data(TensorData::new(values, shape), device),
            mask: Tensor::from_data(TensorData::new(mask, shape), device),
        }
    }

    /// Values and mask of the chosen rows.
    ///
    /// # Shapes
    /// - both results: `[rows, outputs]`
    pub fn gather(&self, rows: &[usize]) -> (Tensor<2>, Tensor<2>) {
        let rows = row_indices(rows, &self.values.device());
        (self.values.clone().select(0, rows.clone()), self.mask.clone().select(0, rows))
    }
}

/// Row numbers as an index tensor.
pub(crate) fn row_indices(rows: &[usize], device: &Device) -> Tensor<1, Int> {
    let rows: Vec<i32> = rows.iter().map(|&row| row as i32).collect();
    let count = rows.len();
    Tensor::from_data(TensorData::new(rows, [count]), device)
}
