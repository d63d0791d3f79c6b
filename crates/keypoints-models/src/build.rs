//! What makes networks.

use burn::module::Module;
use burn::tensor::Device;
use keypoints_core::PictureShape;

use crate::error::ModelError;
use crate::network::KeypointNetwork;
use crate::registry::{Network, NetworkConfig};

/// Makes networks for a training or a model file: the settings of a [registered network](crate::NetworkConfig), or those of a
/// program's own.
///
/// ```
/// use burn::module::Module;
/// use burn::nn::{Linear, LinearConfig};
/// use burn::tensor::{Device, Tensor};
/// use keypoints_core::PictureShape;
/// use keypoints_models::{BuildNetwork, KeypointNetwork, ModelError};
///
/// /// One linear layer over all pixels.
/// #[derive(Module, Debug)]
/// struct Flat {
///     head: Linear,
/// }
///
/// impl KeypointNetwork for Flat {
///     fn forward(&self, images: Tensor<4>) -> Tensor<2> {
///         self.head.forward(images.flatten(1, 3))
///     }
/// }
///
/// struct FlatConfig;
///
/// impl BuildNetwork for FlatConfig {
///     type Network = Flat;
///     fn name(&self) -> &str {
///         "flat"
///     }
///     fn build(&self, outputs: usize, pictures: PictureShape, device: &Device) -> Result<Flat, ModelError> {
///         Ok(Flat { head: LinearConfig::new(pictures.bytes(), outputs).init(device) })
///     }
/// }
///
/// let device = Device::flex();
/// let network = FlatConfig.build(10, PictureShape::colour(32), &device)?;
/// assert_eq!(network.forward(Tensor::zeros([2, 3, 32, 32], &device)).dims(), [2, 10]);
/// # Ok::<(), ModelError>(())
/// ```
pub trait BuildNetwork {
    /// What is made.
    type Network: KeypointNetwork + Module + 'static;

    /// What the network is called, in run folders and errors.
    fn name(&self) -> &str;

    /// Makes the network with freshly drawn weights, for pictures of this shape.
    ///
    /// # Errors
    /// [`ModelError`] where its settings do not allow that.
    fn build(
        &self,
        outputs: usize,
        pictures: PictureShape,
        device: &Device,
    ) -> Result<Self::Network, ModelError>;

    /// Whether outputs are normalised coordinates in −1..1, x before y, as those of heat maps are.
    fn answers_in_places(&self) -> bool {
        false
    }

    /// The settings in the registry; `None` for a program's own network.
    fn registered(&self) -> Option<&NetworkConfig> {
        None
    }
}

impl BuildNetwork for NetworkConfig {
    type Network = Network;

    fn name(&self) -> &str {
        self.name()
    }

    fn build(
        &self,
        outputs: usize,
        pictures: PictureShape,
        device: &Device,
    ) -> Result<Network, ModelError> {
        let config = self.clone().with_outputs(outputs).with_pictures(pictures);
        let side = config.settings().image_side();
        if !config.settings().scales(pictures.side, side) {
            return Err(ModelError::InvalidConfig {
                network: config.name(),
                field: "image_side",
                expected: "a divisor of the pictures' side",
                found: format!("{side} for pictures of {} pixels", pictures.side),
            });
        }
        config.init(device)
    }

    fn answers_in_places(&self) -> bool {
        self.settings().answers_in_places()
    }

    fn registered(&self) -> Option<&NetworkConfig> {
        Some(self)
    }
}
