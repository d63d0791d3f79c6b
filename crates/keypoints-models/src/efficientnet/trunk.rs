//! The backbone: everything but the head.

use burn::module::Module;
use burn::tensor::Tensor;

use super::blocks::{ConvNorm, MbConv, activation};

/// Everything but the head.
#[derive(Module, Debug)]
pub(super) struct Trunk {
    pub(super) stem: ConvNorm,
    pub(super) stages: Vec<Vec<MbConv>>,
    pub(super) last: ConvNorm,
}

impl Trunk {
    /// Returns the values of the largest map, for one picture of `side`×`side`: the first block that widens its input does
    /// so at half the side, and later ones at a quarter and less.
    pub(super) fn largest_map(&self, side: usize) -> usize {
        let stem = self.stem.channels();
        let wide = self.stages.iter().flatten().find_map(MbConv::widened);
        wide.unwrap_or(stem).max(stem) * (side / 2).pow(2)
    }

    /// Returns the last maps.
    pub(super) fn features(&self, images: Tensor<4>, lite: bool) -> Tensor<4> {
        let x = self.stem.forward(images, activation(lite));
        let x = self.stages.iter().flatten().fold(x, |x, block| block.forward(x));
        self.last.forward(x, activation(lite))
    }

    /// Returns the maps after the first convolution and after every stage, and the last maps.
    pub(super) fn feature_maps(&self, images: Tensor<4>, lite: bool) -> Vec<Tensor<4>> {
        let mut maps = vec![self.stem.forward(images, activation(lite))];
        for stage in &self.stages {
            let x = maps[maps.len() - 1].clone();
            maps.push(stage.iter().fold(x, |x, block| block.forward(x)));
        }
        let x = maps[maps.len() - 1].clone();
        maps.push(self.last.forward(x, activation(lite)));
        maps
    }
}
