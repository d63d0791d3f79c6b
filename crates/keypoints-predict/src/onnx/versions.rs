//! The versions of a picture that a prediction is the mean of.

use burn::tensor::{Int, Tensor};

use super::error::OnnxError;
use crate::outputs::Outputs;
use crate::tta::{PLACES, TestTimeAugmentation, mirrored_columns, moved};

/// One version: moved, then mirrored or not.
#[derive(Clone, Copy, Debug)]
struct Version {
    /// Pixels to the right and down.
    place: [i32; 2],
    mirrored: bool,
}

/// All versions, the picture as it is first.
#[derive(Debug)]
pub(super) struct Versions {
    all: Vec<Version>,
    /// The output that each becomes in a mirror image; empty where none is looked at.
    mirror: Vec<usize>,
}

impl Versions {
    /// # Errors
    /// [`PredictError::NoMirror`](crate::PredictError::NoMirror) as when predicting.
    pub(super) fn of(tta: TestTimeAugmentation, outputs: &Outputs<'_>) -> Result<Self, OnnxError> {
        let places = match tta.shift_average {
            0 => vec![[0, 0]],
            pixels => PLACES.map(|place| place.map(|one| one * pixels as i32)).to_vec(),
        };
        let mirrors: &[bool] = if tta.flip_average { &[false, true] } else { &[false] };
        let both = |place| mirrors.iter().map(move |&mirrored| Version { place, mirrored });
        let mirror = if tta.flip_average { mirrored_columns(outputs)? } else { Vec::new() };
        Ok(Self { all: places.into_iter().flat_map(both).collect(), mirror })
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    /// All versions of all pictures, those of a picture one after the other: `[batch, …]` to `[batch · versions, …]`.
    ///
    /// A traced batch cannot be cut in two again, but it can be reshaped.
    pub(super) fn of_pictures(&self, pictures: Tensor<4>) -> Tensor<4> {
        if self.len() == 1 {
            return pictures;
        }
        let [batch, channels, height, width] = pictures.dims();
        let versions = self.all.iter().map(|version| {
            let one = moved(pictures.clone(), version.place);
            let one = if version.mirrored { mirrored(one) } else { one };
            one.reshape([batch, 1, channels, height, width])
        });
        let all = Tensor::<5>::cat(versions.collect(), 1);
        all.reshape([batch * self.len(), channels, height, width])
    }

    /// The coordinates of one axis in pixels, averaged over the versions. `columns` are the outputs that have them.
    ///
    /// # Shapes
    /// - `values`: `[batch, versions · outputs]`, in network units
    /// - output: `[batch, columns]`
    pub(super) fn average(
        &self,
        values: &Tensor<2>,
        columns: &[usize],
        axis: usize,
        side: usize,
        outputs: &Outputs<'_>,
    ) -> Tensor<2> {
        let (scale, count) = (outputs.scale, self.len() as f64);
        let offset = f64::from(scale.offset);
        // Pixels for an output of zero, in all versions together.
        let mut at_zero = 0.0;
        let shares = self.all.iter().enumerate().map(|(number, version)| {
            let turned = version.mirrored && axis == 0;
            at_zero += if turned { (side - 1) as f64 - offset } else { offset };
            at_zero -= f64::from(version.place[axis]);
            let column = |&one: &usize| if version.mirrored { self.mirror[one] } else { one };
            let first = number * outputs.len();
            let chosen: Vec<usize> = columns.iter().map(column).map(|one| first + one).collect();
            let pixels = f64::from(scale.scale) / count;
            select(values, &chosen) * if turned { -pixels } else { pixels }
        });
        // There is a version at least: the picture as it is.
        let sum = shares.reduce(|sum, share| sum + share);
        let sum = sum.unwrap_or_else(|| select(values, columns));
        sum + at_zero / count
    }
}

/// Mirror images. `Tensor::flip` cannot be exported.
fn mirrored(pictures: Tensor<4>) -> Tensor<4> {
    let width = pictures.dims()[3];
    let reversed: Vec<usize> = (0..width).rev().collect();
    let device = pictures.device();
    pictures.select(3, indices(&reversed, &device))
}

/// Columns by number. Slices of a traced batch cannot be exported, but this can.
pub(super) fn select(values: &Tensor<2>, columns: &[usize]) -> Tensor<2> {
    values.clone().select(1, indices(columns, &values.device()))
}

fn indices(numbers: &[usize], device: &burn::tensor::Device) -> Tensor<1, Int> {
    let numbers: Vec<i32> = numbers.iter().map(|&one| one as i32).collect();
    Tensor::from_data(numbers.as_slice(), device)
}
