//! Batch norms folded into convolutions.

use burn::module::{Module, Param};

use super::EfficientNet;
use super::blocks::{ConvNorm, MbConv};
use super::trunk::Trunk;
use crate::registry::Network;

impl ConvNorm {
    /// The convolution that does what the two do without gradients: a batch norm is then a factor and a summand per channel.
    fn folded(mut self) -> Self {
        let Some(norm) = self.norm.take() else {
            return self;
        };
        let scale = norm.gamma.val() / (norm.running_var.value_sync() + norm.epsilon).sqrt();
        let bias = norm.beta.val() - norm.running_mean.value_sync() * scale.clone();
        let bias = match &self.conv.bias {
            Some(old) => old.val() * scale.clone() + bias,
            None => bias,
        };
        let [channels, _, _, _] = self.conv.weight.dims();
        self.conv.weight =
            Param::from_tensor(self.conv.weight.val() * scale.reshape([channels, 1, 1, 1]));
        self.conv.bias = Some(Param::from_tensor(bias));
        self
    }
}

impl EfficientNet {
    /// The same network without batch norms, for answering alone: each is folded into the convolution before it. The answers differ by
    /// rounding. It is on the plain device, and has other parameters than a weight file.
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor, Tolerance};
    /// use keypoints_models::{KeypointNetwork, efficientnet::EfficientNetConfig};
    ///
    /// let device = Device::flex();
    /// let config = EfficientNetConfig { outputs: 30, width: 0.25, stages: 2, ..Default::default() };
    /// let network = config.init(&device)?;
    /// let faces = Tensor::<4>::full([1, 1, 96, 96], 0.3, &device);
    /// let folded = network.folded().forward(faces.clone()).into_data();
    /// folded.assert_approx_eq::<f32>(&network.forward(faces).into_data(), Tolerance::absolute(1e-4));
    /// # Ok::<(), keypoints_models::ModelError>(())
    /// ```
    #[must_use]
    pub fn folded(&self) -> Self {
        let mut network = self.valid();
        let Trunk { stem, stages, last } = network.trunk;
        let fold_block = |mut block: MbConv| {
            block.expand = block.expand.map(ConvNorm::folded);
            block.depthwise = block.depthwise.folded();
            block.project = block.project.folded();
            block
        };
        let fold_stage = |blocks: Vec<MbConv>| blocks.into_iter().map(fold_block).collect();
        network.trunk = Trunk {
            stem: stem.folded(),
            stages: stages.into_iter().map(fold_stage).collect(),
            last: last.folded(),
        };
        network
    }
}

impl Network {
    /// The same network made ready for answering alone: see [`EfficientNet::folded`]. Networks that have no such form are
    /// only brought to the plain device.
    #[must_use]
    pub fn folded(&self) -> Self {
        match self {
            Self::EfficientNet(network) => Self::EfficientNet(network.folded()),
            other => other.valid(),
        }
    }
}
