//! All networks by name.
//!
//! One line in [`networks!`](self), with the module, the network and its config, adds a network to the config files, the
//! command lines and the benchmarks. A network brings a config with an `outputs` field, a [`Default`], serde, [`NetworkSettings`]
//! and `init(&self, &Device) -> Result<Network, ModelError>`, and implements [`KeypointNetwork`].

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use keypoints_core::PictureShape;
use keypoints_kernels::together;
use serde::{Deserialize, Serialize};

use crate::error::ModelError;
use crate::network::{KeypointNetwork, NetworkSettings};

macro_rules! networks {
    ($($(#[$doc:meta])* $name:literal => $module:ident::{$network:ident, $config:ident};)+) => {
        /// Which network, and its settings. In JSON the field `network` holds the name.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "network")]
        #[non_exhaustive]
        pub enum NetworkConfig {
            $($(#[$doc])* #[serde(rename = $name)] $network(crate::$module::$config),)+
        }

        impl NetworkConfig {
            /// The registered names.
            pub const NAMES: &'static [&'static str] = &[$($name),+];

            /// The default settings of the network of that name.
            ///
            /// # Errors
            /// [`ModelError::UnknownNetwork`] with the names there are.
            pub fn by_name(name: &str) -> Result<Self, ModelError> {
                match name {
                    $($name => Ok(Self::$network(Default::default())),)+
                    _ => Err(ModelError::UnknownNetwork {
                        name: name.to_owned(),
                        known: Self::NAMES.to_vec(),
                    }),
                }
            }

            /// The registered name.
            pub fn name(&self) -> &'static str {
                match self {
                    $(Self::$network(_) => $name,)+
                }
            }

            /// Number of regressed values.
            pub fn outputs(&self) -> usize {
                match self {
                    $(Self::$network(config) => config.outputs,)+
                }
            }

            /// The same network with another number of regressed values.
            #[must_use]
            pub fn with_outputs(mut self, outputs: usize) -> Self {
                match &mut self {
                    $(Self::$network(config) => config.outputs = outputs,)+
                }
                self
            }

            /// The same network for pictures of this shape: with as many input channels and, unless the settings name
            /// another, at their side.
            #[must_use]
            pub fn with_pictures(mut self, shape: PictureShape) -> Self {
                match &mut self {
                    $(Self::$network(config) => config.set_pictures(shape),)+
                }
                self
            }

            /// What is to be known of the settings of any network.
            ///
            /// ```
            /// use keypoints_models::NetworkConfig;
            ///
            /// let takes = |name: &str| {
            ///     NetworkConfig::by_name(name).map(|one| one.settings().takes_side(48))
            /// };
            /// assert_eq!((takes("compact")?, takes("simple_cnn")?), (true, false));
            /// # Ok::<(), keypoints_models::ModelError>(())
            /// ```
            pub fn settings(&self) -> &dyn NetworkSettings {
                match self {
                    $(Self::$network(config) => config,)+
                }
            }

            /// Makes the network with freshly drawn weights.
            ///
            /// # Errors
            /// Whatever the network's own config refuses.
            pub fn init(&self, device: &Device) -> Result<Network, ModelError> {
                match self {
                    $(Self::$network(config) => config.init(device).map(Network::$network),)+
                }
            }
        }

        /// Any of the registered networks.
        #[derive(Module, Debug)]
        #[allow(clippy::large_enum_variant)] // One network lives at a time; a box would gain nothing.
        pub enum Network {
            $($(#[$doc])* $network(crate::$module::$network),)+
        }

        impl KeypointNetwork for Network {
            fn forward(&self, images: Tensor<4>) -> Tensor<2> {
                together(&images.clone(), || match self {
                    $(Self::$network(network) => network.forward(images),)+
                })
            }

            fn heat_maps(&self, images: Tensor<4>) -> Option<Tensor<4>> {
                together(&images.clone(), || match self {
                    $(Self::$network(network) => KeypointNetwork::heat_maps(network, images),)+
                })
            }

            fn set_image_side(&mut self, side: usize) -> bool {
                match self {
                    $(Self::$network(network) => network.set_image_side(side),)+
                }
            }

            fn head(&self) -> &'static str {
                match self {
                    $(Self::$network(network) => network.head(),)+
                }
            }

            fn weight_name(&self, path: &str) -> String {
                match self {
                    $(Self::$network(network) => network.weight_name(path),)+
                }
            }
        }
    };
}

networks! {
    /// The six-convolution network of the notebook.
    "simple_cnn" => simple_cnn::{SimpleCnn, SimpleCnnConfig};
    /// A small residual network with a heat map per keypoint.
    "compact" => compact::{CompactNet, CompactConfig};
    /// EfficientNet-B0 as torchvision defines it; takes ImageNet weights.
    "efficientnet_b0" => efficientnet::{EfficientNet, EfficientNetConfig};
}

#[cfg(test)]
mod tests;
