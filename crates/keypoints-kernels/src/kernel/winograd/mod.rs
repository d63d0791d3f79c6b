//! 3×3 convolutions of stride 1 by tiles of 4×4 outputs (Winograd's F(4×4, 3×3)).
//!
//! | file | what it holds |
//! | --- | --- |
//! | `transform.rs` | the linear maps before and after the products |
//! | `product.rs` | the products |
//! | `filter.rs` | forward pass and input gradient |
//! | `weights.rs` | weight gradient |
//! | `narrow.rs` | weight gradient of few channels |
//!
//! Sums of products are those of a direct convolution, rounded differently: the transforms weigh pixels with up to
//! 5 and weights with down to 1/24, which costs about four bits in the worst sum and two on average.

mod filter;
pub(super) mod narrow;
mod product;
mod transform;
mod weights;

pub(super) use filter::{Filter, filter};
pub(super) use weights::weight_gradient;

use super::patch::Patch;
use transform::TILE;

/// Whether tiles are worth their while: enough channels to fill registers, enough tiles to make up for
/// transforming the weights, little of them beyond the picture.
pub(super) fn pays(batch: usize, channels: [usize; 2], output: [usize; 2], lanes: usize) -> bool {
    let tiles = output.map(|size| size.div_ceil(TILE));
    let covered = tiles[0] * tiles[1] * TILE * TILE;
    channels.iter().all(|&channels| channels.next_multiple_of(lanes) * 2 <= channels * 3)
        && covered <= 2 * output[0] * output[1]
        && batch * tiles[0] * tiles[1] >= 32
}

/// Some rows of tiles of some pictures: what is computed in one go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Unit {
    /// First picture and how many.
    pictures: [usize; 2],
    /// First row of tiles and how many.
    rows: [usize; 2],
}

impl Unit {
    /// The pixels under all taps of `columns` columns of tiles, of one picture.
    fn pixels(&self, columns: usize, before: [usize; 2], picture: [usize; 2]) -> Patch {
        let [above, left] = before.map(|before| before as isize);
        Patch {
            first: [(self.rows[0] * TILE) as isize - above, -left],
            size: [self.rows[1] * TILE + 2, columns * TILE + 2],
            picture,
        }
    }

    /// The outputs of `columns` columns of tiles. Tiles may reach beyond the picture: what is there is 0 and adds nothing.
    fn outputs(&self, columns: usize, picture: [usize; 2]) -> Patch {
        let [first, rows] = self.rows.map(|rows| rows * TILE);
        Patch { first: [first as isize, 0], size: [rows, columns * TILE], picture }
    }
}

/// Units of at most about `tiles` tiles: bands of a large picture, or several small ones.
fn units(batch: usize, [rows, columns]: [usize; 2], tiles: usize) -> Vec<Unit> {
    let pictures = (tiles / (rows * columns)).clamp(1, batch);
    let band = if pictures > 1 { rows } else { (tiles / columns).clamp(1, rows) };
    // Bands of about the same height.
    let band = rows.div_ceil(rows.div_ceil(band));
    let mut units = Vec::new();
    for picture in (0..batch).step_by(pictures) {
        for row in (0..rows).step_by(band) {
            units.push(Unit {
                pictures: [picture, pictures.min(batch - picture)],
                rows: [row, band.min(rows - row)],
            });
        }
    }
    units
}
