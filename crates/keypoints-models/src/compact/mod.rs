//! A small residual network that points at a map instead of guessing numbers.
//!
//! | file | what it holds |
//! | --- | --- |
//! | `config.rs` | the settings, [`CompactConfig`] |
//! | `net.rs` | the network, [`CompactNet`], and its way down and up |
//! | `blocks.rs` | what it is made of |
//! | `head.rs` | from features to coordinates |
//! | `soft_argmax.rs` | from heat maps to places, and what a place on a heat map is on the picture |

mod blocks;
mod config;
mod head;
mod net;
mod soft_argmax;

pub use config::{CompactConfig, CompactHead};
pub use net::CompactNet;
pub use soft_argmax::{
    cells_to_normalised, heat_map_places, heat_map_spread, normalised_to_cells, soft_argmax,
};
