//! Heat maps between Flex's tensors and slices.

use burn::backend::flex::FlexTensor;

use super::{contiguous, dims, tensor, values};
use crate::kernel::heat_map::HeatMaps;

fn sizes(maps: &FlexTensor) -> ([usize; 2], HeatMaps) {
    let [batch, count, height, width] = dims(maps);
    ([batch, count], HeatMaps { count: batch * count, height, width })
}

/// [`HeatMaps::means`]
pub(crate) fn means(maps: FlexTensor) -> FlexTensor {
    let ([batch, count], sizes) = sizes(&maps);
    tensor(sizes.means(values(&contiguous(maps))), [batch, count, 2])
}

/// [`HeatMaps::means_back`]
pub(crate) fn means_back(maps: FlexTensor, gradient: FlexTensor) -> FlexTensor {
    let (shape, (_, sizes)) = (dims(&maps), sizes(&maps));
    let (maps, gradient) = (contiguous(maps), contiguous(gradient));
    tensor(sizes.means_back(values(&maps), values(&gradient)), shape)
}

/// [`HeatMaps::divergences`]
pub(crate) fn divergences(maps: FlexTensor, centres: FlexTensor, spread: f32) -> FlexTensor {
    let (shape, sizes) = sizes(&maps);
    let (maps, centres) = (contiguous(maps), contiguous(centres));
    tensor(sizes.divergences(values(&maps), values(&centres), spread), shape)
}

/// [`HeatMaps::divergences_back`]
pub(crate) fn divergences_back(
    maps: FlexTensor,
    centres: FlexTensor,
    spread: f32,
    gradient: FlexTensor,
) -> FlexTensor {
    let (shape, (_, sizes)) = (dims(&maps), sizes(&maps));
    let [maps, centres, gradient] = [maps, centres, gradient].map(contiguous);
    let slopes = sizes.divergences_back(values(&maps), values(&centres), spread, values(&gradient));
    tensor(slopes, shape)
}
