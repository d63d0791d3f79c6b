//! The network itself.

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use keypoints_kernels::After;

use super::blocks::{Merge, ResidualBlock};
use super::config::{CompactConfig, CompactHead, is_side};
use super::head::Head;
use crate::error::ModelError;
use crate::layers::{ConvNorm, shrink};
use crate::network::{KeypointNetwork, NetworkSettings};

/// A residual network that goes down to a sixteenth of the picture's side to see the whole face, and back up to a
/// quarter to say where on it a point lies.
///
/// For 96×96 pictures and width `w`: a stem to `w` maps of 48×48; residual blocks at 48×48 (`w`), 24×24 (`2w`), 12×12
/// (`4w`) and 6×6 (`8w`); then up again to 24×24, each time added to what was there on the way down; and a
/// [head](CompactHead) on the `2w` maps of 24×24.
///
/// With heat maps the answers are in −1..1 about the picture's middle: a place `p` in pixels, of which 0 is the
/// centre of the first, is `(p − side / 2) / (side / 2)`; for 96×96 pictures, `(p − 48) / 48`. Where a heat map is
/// flat, the answer is the picture's centre, so an untrained network starts near the mean face.
///
/// Sources: He et al., "Deep Residual Learning" (2016); Ronneberger et al., "U-Net" (2015); Nibali et al.,
/// "Numerical Coordinate Regression with Convolutional Neural Networks" (2018).
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use keypoints_models::{KeypointNetwork, compact::CompactConfig};
///
/// let device = Device::flex();
/// let network = CompactConfig { outputs: 30, width: 2, ..Default::default() }.init(&device)?;
/// let faces = Tensor::zeros([2, 1, 96, 96], &device);
/// assert_eq!(network.forward(faces.clone()).dims(), [2, 30]);
/// assert_eq!(network.heat_maps(faces).map(|maps| maps.dims()), Some([2, 15, 24, 24]));
/// # Ok::<(), keypoints_models::ModelError>(())
/// ```
#[derive(Module, Debug)]
pub struct CompactNet {
    stem: ConvNorm,
    /// At a half, a quarter, an eighth and a sixteenth of the side.
    down: Vec<Vec<ResidualBlock>>,
    to_eighth: Merge,
    to_quarter: Merge,
    head: Head,
    image_side: usize,
    outputs: usize,
}

impl CompactConfig {
    /// Makes the network with weights drawn from the device's random numbers (`device.seed(…)` fixes them).
    ///
    /// Convolutions before a ReLU start at N(0, √(2 / fan_in)), batch norms at weight 1 and bias 0, the last layer
    /// uniform within `±1/√fan_in`.
    ///
    /// # Errors
    /// [`ModelError::InvalidConfig`] where a size is 0 or absurdly large, or the side is no multiple of 16.
    pub fn init(&self, device: &Device) -> Result<CompactNet, ModelError> {
        self.check()?;
        Ok(CompactNet::new(self, device))
    }
}

impl CompactNet {
    /// Makes the network of settings that have been checked.
    fn new(config: &CompactConfig, device: &Device) -> Self {
        let width = config.width;
        let stage = |level: usize| {
            let channels = width << level;
            let block = |index| match (level, index) {
                (1.., 0) => ResidualBlock::halving([channels / 2, channels], device),
                _ => ResidualBlock::same(channels, device),
            };
            (0..config.blocks).map(block).collect()
        };
        let head = match config.head {
            CompactHead::HeatMap => Head::heat_map(2 * width, config.outputs, device),
            CompactHead::Regression => {
                Head::regression(2 * width, config.image_side() / 4, config.outputs, device)
            }
        };
        Self {
            stem: ConvNorm::new([config.input_channels, width], 3, 2, device),
            down: (0..4).map(stage).collect(),
            to_eighth: Merge::new([8 * width, 4 * width], device),
            to_quarter: Merge::new([4 * width, 2 * width], device),
            head,
            image_side: config.image_side(),
            outputs: config.outputs,
        }
    }

    /// `[batch, channels, side, side]` to `[batch, 2w, side / 4, side / 4]`.
    fn features(&self, images: Tensor<4>) -> Tensor<4> {
        let mut x = self.stem.forward(shrink(images, self.image_side), After::Relu);
        let mut levels = Vec::with_capacity(self.down.len());
        for stage in &self.down {
            x = stage.iter().fold(x, |x, block| block.forward(x));
            levels.push(x.clone());
        }
        // Four levels, by construction: 48, 24, 12 and 6 for 96×96 pictures.
        let x = self.to_eighth.forward(x, levels.swap_remove(2));
        self.to_quarter.forward(x, levels.swap_remove(1))
    }

    /// The heat maps before they are read, one per keypoint, not yet normalised; `None` with the regression head.
    ///
    /// # Shapes
    /// - `images`: `[batch, channels, side, side]`
    /// - output: `[batch, maps, side / 4, side / 4]`
    pub fn heat_maps(&self, images: Tensor<4>) -> Option<Tensor<4>> {
        self.head.draws_maps().then(|| self.features(images)).and_then(|x| self.head.heat_maps(x))
    }
}

impl KeypointNetwork for CompactNet {
    fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        let picture_side = images.dims()[3];
        self.head.forward(self.features(images), picture_side, self.outputs)
    }

    fn heat_maps(&self, images: Tensor<4>) -> Option<Tensor<4>> {
        self.heat_maps(images)
    }

    fn set_image_side(&mut self, side: usize) -> bool {
        let fits = self.head.draws_maps() && is_side(side);
        if fits {
            self.image_side = side;
        }
        fits
    }
}
