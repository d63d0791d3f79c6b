//! Bands: as many rows as stay in a core's second-level cache once they are packed.

use super::buffer::LINE;
use super::layout::Layout;
use super::operands::Steps;
use super::store::{Piece, pieces};
use crate::kernel::correlate::Lattice;

/// Values of a packed band (640 kB); the weights of a layer and the output need some of the cache too.
const BAND_VALUES: usize = 320 * 1024;
/// Lines behind a band: tiles round the number of pixels up, and pixels without a place go to the last.
const SLACK: usize = 65;
/// A pixel that nobody reads.
pub(super) const NOWHERE: u32 = u32::MAX;

/// Some output rows of a part.
pub(super) struct Band {
    /// Source rows that are packed.
    pub lines: std::ops::Range<usize>,
    /// Where each pixel of these rows goes in its first chunk, `[row, column, copy]`.
    pub places: Vec<u32>,
    /// Places of each pixel.
    pub copies: usize,
    /// Packed values of a chunk.
    pub chunk_len: usize,
    /// Output pixels, surplus columns included.
    pub positions: usize,
    /// What to multiply for 16 of them.
    pub steps: Option<Steps>,
    /// The output pixels of each run of positions.
    pub runs: Vec<Vec<Piece>>,
}

impl Band {
    /// All bands of a lattice of output pixels in planes of `width` columns.
    pub(super) fn all(layout: &Layout, lattice: &Lattice, width: usize) -> Vec<Self> {
        let [rows, _] = lattice.count;
        let values = |rows| layout.chunks() * layout.plane_len(rows) * LINE;
        let fit = (1..=rows).rev().find(|&rows| values(rows) <= BAND_VALUES).unwrap_or(1);
        let band = rows.div_ceil(rows.div_ceil(fit));
        let band_of = |from| Self::new(layout, lattice, width, from, band.min(rows - from));
        (0..rows).step_by(band).map(band_of).collect()
    }

    fn new(layout: &Layout, lattice: &Lattice, width: usize, from: usize, rows: usize) -> Self {
        let window = &layout.window;
        let chunk_len = layout.plane_len(rows) * LINE;
        let values = layout.chunks() * chunk_len;
        assert!(u32::try_from(values).is_ok(), "bf16: bands of at most 2³² values expected");
        let [down, right] = window.stride;
        // Source row under row `row` of a view.
        let line = |row: usize, view: usize| {
            ((from + row) * down + layout.views[view][0]) as isize + window.first[0]
        };
        let source = window.source[0] as isize;
        let ends = (0..layout.views.len())
            .flat_map(|view| [line(0, view), line(rows + layout.extra - 1, view) + 1]);
        let (start, end) = ends.fold((source, 0), |(start, end), line| {
            (start.min(line.clamp(0, source)), end.max(line.clamp(0, source)))
        });
        let lines = start as usize..(end.max(start)) as usize;

        // Every view has at most one place for a pixel.
        let mut found = vec![NOWHERE; lines.len() * window.source[1] * layout.views.len()];
        let mut counts = vec![0_u8; lines.len() * window.source[1]];
        for (view, &[_, column]) in layout.views.iter().enumerate() {
            let [chunk, slot] = layout.start(view);
            let offset = column as isize + window.first[1];
            // The first packed column that is not padding.
            let left = offset.min(0).unsigned_abs().div_ceil(right);
            for row in 0..rows + layout.extra {
                let Some(y) = usize::try_from(line(row, view)).ok().filter(|y| lines.contains(y))
                else {
                    continue;
                };
                let at = (y - lines.start) * window.source[1];
                for x in left..layout.pitch {
                    let from = (x * right).wrapping_add_signed(offset);
                    if from >= window.source[1] {
                        break;
                    }
                    let place = chunk * chunk_len + (row * layout.pitch + x) * LINE + slot;
                    let count = &mut counts[at + from];
                    found[(at + from) * layout.views.len() + usize::from(*count)] = place as u32;
                    *count += 1;
                }
            }
        }
        let copies = counts.into_iter().max().map_or(1, usize::from).max(1);
        let places = found
            .chunks_exact(layout.views.len())
            .flat_map(|found| &found[..copies])
            .copied()
            .collect();

        let step = |(index, reading): (usize, &super::layout::Reading)| {
            let [row, column] = reading.offset;
            let pixel = row * layout.pitch + column;
            [reading.chunk * chunk_len + pixel * LINE, index * 2 * 16 * LINE]
        };
        let positions = (rows - 1) * layout.pitch + lattice.count[1];
        Self {
            lines,
            places,
            copies,
            chunk_len,
            positions,
            steps: Steps::new(layout.readings.iter().enumerate().map(step)),
            runs: pieces(lattice, from..from + rows, layout.pitch, width),
        }
    }

    /// Values of a buffer for the band.
    pub(super) fn len(&self, layout: &Layout) -> usize {
        layout.chunks() * self.chunk_len + SLACK * LINE
    }
}
