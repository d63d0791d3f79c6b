//! Means of heat maps and their divergence from Gaussian targets.

use super::unary::{Unary, tracked};
use super::*;
use crate::primitive::{divergences, divergences_back, means, means_back};

#[backend_extension(Flex, Autodiff)]
pub(crate) trait HeatMapBackend: Backend {
    /// Mean column and row of each map.
    fn kernel_means(maps: FloatTensor<Self>) -> FloatTensor<Self>;

    /// Divergence of each map from a Gaussian target around its centre, which has no gradient.
    fn kernel_divergences(
        maps: FloatTensor<Self>,
        centres: FloatTensor<Self>,
        spread: f32,
    ) -> FloatTensor<Self>;
}

impl HeatMapBackend for Flex {
    fn kernel_means(maps: FloatTensor<Self>) -> FloatTensor<Self> {
        means(maps)
    }

    fn kernel_divergences(
        maps: FloatTensor<Self>,
        centres: FloatTensor<Self>,
        spread: f32,
    ) -> FloatTensor<Self> {
        divergences(maps, centres, spread)
    }
}

#[derive(Clone, Debug)]
struct Means;

impl Unary for Means {
    fn forward(&self, maps: FlexTensor) -> FlexTensor {
        means(maps)
    }

    fn back(&self, maps: FlexTensor, gradient: FlexTensor) -> FlexTensor {
        means_back(maps, gradient)
    }
}

#[derive(Clone, Debug)]
struct Divergences {
    centres: FlexTensor,
    spread: f32,
}

impl Unary for Divergences {
    fn forward(&self, maps: FlexTensor) -> FlexTensor {
        divergences(maps, self.centres.clone(), self.spread)
    }

    fn back(&self, maps: FlexTensor, gradient: FlexTensor) -> FlexTensor {
        divergences_back(maps, self.centres.clone(), self.spread, gradient)
    }
}

impl<C: CheckpointStrategy> HeatMapBackend for Autodiff<Flex, C> {
    fn kernel_means(maps: FloatTensor<Self>) -> FloatTensor<Self> {
        tracked::<C>(maps, Means)
    }

    fn kernel_divergences(
        maps: FloatTensor<Self>,
        centres: FloatTensor<Self>,
        spread: f32,
    ) -> FloatTensor<Self> {
        tracked::<C>(maps, Divergences { centres: centres.into_primitive(), spread })
    }
}
