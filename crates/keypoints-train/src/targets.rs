//! Labels as tensors: what to reach, and where there is anything to reach.

use burn::tensor::{Device, Int, Tensor, TensorData};
use keypoints_data::{Coordinate, CoordinateScale, LabelRegime, Labels};

use crate::outputs::Outputs;
use crate::strategy::Heads;

/// The labels of many faces on a device.
///
/// A gap is a 0 in the mask; the 0 that stands in `values` beside it only keeps the arithmetic finite.
///
/// ```
/// use burn::tensor::Device;
/// use keypoints_data::{Coordinate, CoordinateScale, Keypoint, Labels};
/// use keypoints_train::Targets;
///
/// let mut labels = Labels::default();
/// labels.set(Keypoint::NoseTip.x(), Some(72.0));
/// let coordinates = [Keypoint::NoseTip.x(), Keypoint::NoseTip.y()];
/// let targets = Targets::upload(&[labels], &coordinates, CoordinateScale::CENTERED, &Device::flex());
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
    /// Copies labels to the device: one row per face, one column per coordinate, in the scale that the
    /// network answers in.
    ///
    /// # Shapes
    /// - held: `[faces, coordinates]`, values and mask
    pub fn upload(
        labels: &[Labels],
        coordinates: &[Coordinate],
        scale: CoordinateScale,
        device: &Device,
    ) -> Self {
        let outputs = Outputs { coordinates, heads: Heads::Shared, scale };
        let regimes: Vec<LabelRegime> = labels.iter().map(Labels::regime).collect();
        Self::upload_for(&outputs, labels, &regimes, device)
    }

    /// Like [`Targets::upload`], with a column per output: a face teaches the outputs of one regime alone.
    /// `regimes` has one entry per face: as whose annotators mark points its labels are to be read. That is the regime of
    /// its own labels before anybody filled their gaps, unless others have marked it anew.
    ///
    /// # Shapes
    /// - held: `[faces, outputs]`, values and mask
    ///
    /// ```
    /// use burn::tensor::Device;
    /// use keypoints_data::{CoordinateScale, Keypoint, LabelRegime, Labels};
    /// use keypoints_train::strategy::Heads;
    /// use keypoints_train::{Outputs, Targets};
    ///
    /// let labels: Labels = [(Keypoint::NoseTip.x(), 72.0)].into_iter().collect();
    /// let coordinates = [Keypoint::NoseTip.x()];
    /// let scale = CoordinateScale::CENTERED;
    /// let outputs = Outputs { coordinates: &coordinates, heads: Heads::PerRegime, scale };
    /// let targets =
    ///     Targets::upload_for(&outputs, &[labels], &[LabelRegime::FourPoint], &Device::flex());
    /// let (values, mask) = targets.gather(&[0]);
    /// assert_eq!(values.into_data().try_to_vec::<f32>()?, [0.0, 0.5]);
    /// assert_eq!(mask.into_data().try_to_vec::<f32>()?, [0.0, 1.0]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn upload_for(
        outputs: &Outputs<'_>,
        labels: &[Labels],
        regimes: &[LabelRegime],
        device: &Device,
    ) -> Self {
        let shape = [labels.len(), outputs.len()];
        let cells = || {
            let rows = labels.iter().zip(regimes);
            rows.flat_map(|(labels, &regime)| outputs.targets(regime, labels))
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
