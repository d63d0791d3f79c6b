//! EfficientNet, as torchvision defines it, ready for ImageNet weights.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `config.rs` | the settings, [`EfficientNetConfig`] |
//! | `table.rs` | the stages, and the members of the family as rows |
//! | `net.rs` | the network, [`EfficientNet`] |
//! | `trunk.rs` | the backbone: all of it but the head |
//! | `blocks.rs` | what the backbone is made of |
//! | `input.rs` | from a picture to what a network trained on ImageNet expects |
//! | `names.rs` | torchvision's names of the parameters |
//! | `fold.rs` | batch norms folded into convolutions, for faster inference |

mod blocks;
mod config;
mod fold;
mod input;
mod names;
mod net;
mod table;
mod trunk;

pub use config::EfficientNetConfig;
pub use input::imagenet_input;
pub use net::EfficientNet;
