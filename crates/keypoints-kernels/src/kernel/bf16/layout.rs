//! How source pixels lie in memory, so that left tiles are plain reads.
//!
//! A packed pixel has 32 slots (a cache line) for its channels, and as many *chunks* of them as it needs. Packed pixels are numbered row
//! by row with [`Layout::pitch`] a row, so that 16 consecutive lines are a left tile and a tap is an offset.
//! A stride splits the source into *views*, each with every second (third, …) row and column. Where there are
//! few channels, several views share a chunk, so that one step multiplies the taps of several.

use crate::kernel::shape::grid;
use crate::kernel::window::Window;

/// One factor of a step: what a slot is multiplied with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Term {
    pub slot: usize,
    pub channel: usize,
    pub tap: [usize; 2],
}

/// A chunk, read some packed pixels further: a product for every slot.
#[derive(Clone, Debug)]
pub(super) struct Reading {
    pub chunk: usize,
    pub offset: [usize; 2],
    /// At most one for a slot; other slots are multiplied with 0.
    pub terms: Vec<Term>,
}

/// Where everything lies.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub window: Window,
    pub channels: usize,
    /// Source row and column, relative to the window's first, of a view's packed pixel (0, 0).
    pub views: Vec<[usize; 2]>,
    /// Slots of a view: some of a chunk, or some chunks.
    pub width: usize,
    /// Views in a chunk.
    pub per_chunk: usize,
    /// What the taps read, all of it.
    pub readings: Vec<Reading>,
    /// Packed pixels from one row to the next.
    pub pitch: usize,
    /// Packed rows that taps read beyond the output's rows.
    pub extra: usize,
    /// Packed pixels behind the last row that are read and are 0: rows overlap where one's right padding can be
    /// the next one's left padding.
    shared: usize,
    slots: usize,
}

impl Layout {
    /// Chunks of `slots`; views that share one begin at multiples of `align`.
    pub(super) fn new(channels: usize, window: Window, [slots, align]: [usize; 2]) -> Self {
        let ([high, wide], [down, right]) = (window.taps, window.stride);
        let width = channels.next_multiple_of(align);
        let fit = slots / width;
        let fold = (fit / right * right).min(wide.next_multiple_of(right));
        let all = high * wide;
        let terms = |tap: [usize; 2], slot: usize, channels: std::ops::Range<usize>| {
            let first = channels.start;
            channels.map(move |channel| Term { slot: slot + channel - first, channel, tap })
        };
        let mut readings = Vec::new();
        let (views, width, per_chunk): (Vec<_>, _, _) = if all > 1 && fit >= all {
            let taps = grid(window.taps).enumerate();
            let terms = taps.flat_map(|(view, tap)| terms(tap, view * width, 0..channels));
            readings.push(Reading { chunk: 0, offset: [0, 0], terms: terms.collect() });
            (grid(window.taps).collect(), width, all)
        } else if wide > 1 && fold > 1 {
            for [row, group] in grid([high, wide.div_ceil(fold)]) {
                let columns = group * fold..wide.min((group + 1) * fold);
                readings.push(Reading {
                    chunk: row % down,
                    offset: [row / down, group * fold / right],
                    terms: columns
                        .flat_map(|column| {
                            terms([row, column], (column - group * fold) * width, 0..channels)
                        })
                        .collect(),
                });
            }
            (grid([down.min(high), fold]).collect(), width, fold)
        } else {
            let phases = [down.min(high), right.min(wide)];
            let chunks = channels.div_ceil(slots);
            for chunk in 0..chunks {
                for tap in grid(window.taps) {
                    let view = tap[0] % down * phases[1] + tap[1] % right;
                    let channels = chunk * slots..channels.min((chunk + 1) * slots);
                    readings.push(Reading {
                        chunk: view * chunks + chunk,
                        offset: [tap[0] / down, tap[1] / right],
                        terms: terms(tap, 0, channels).collect(),
                    });
                }
            }
            (grid(phases).collect(), chunks * slots, 1)
        };
        let most = |axis: usize| readings.iter().map(|r| r.offset[axis]).max().unwrap_or(0);
        let (extra, beyond) = (most(0), most(1));
        let mut layout = Self {
            window,
            channels,
            views,
            width,
            per_chunk,
            readings,
            pitch: window.columns + beyond,
            extra,
            shared: 0,
            slots,
        };
        layout.shared = (0..=beyond).rev().find(|&shared| layout.can_share(shared)).unwrap_or(0);
        layout.pitch -= layout.shared;
        layout
    }

    /// Whether the first `shared` pixels of each row, and what follows a row without them, are all padding.
    fn can_share(&self, shared: usize) -> bool {
        let (stride, first) = (self.window.stride[1] as isize, self.window.first[1]);
        shared == 0
            || self.views.iter().all(|view| {
                let column = |at: usize| at as isize * stride + view[1] as isize + first;
                column(shared - 1) < 0
                    && column(self.pitch - shared) >= self.window.source[1] as isize
            })
    }

    /// Packed pixels of a chunk for `rows` output rows.
    pub(super) fn plane_len(&self, rows: usize) -> usize {
        (rows + self.extra) * self.pitch + self.shared
    }

    /// All chunks.
    pub(super) fn chunks(&self) -> usize {
        if self.per_chunk == 1 {
            self.views.len() * self.chunks_per_view()
        } else {
            self.views.len().div_ceil(self.per_chunk)
        }
    }

    /// Chunks that a view's channels take, 1 where it shares its chunk.
    pub(super) fn chunks_per_view(&self) -> usize {
        self.width.div_ceil(self.slots)
    }

    /// The channel and view that a slot holds, or `None`.
    pub(super) fn content(&self, chunk: usize, slot: usize) -> Option<(usize, [usize; 2])> {
        let (view, channel) = if self.per_chunk == 1 {
            let per_view = self.chunks_per_view();
            (chunk / per_view, chunk % per_view * self.slots + slot)
        } else {
            (chunk * self.per_chunk + slot / self.width, slot % self.width)
        };
        let shares = self.per_chunk == 1 || slot / self.width < self.per_chunk;
        let view = self.views.get(view).filter(|_| shares && channel < self.channels)?;
        Some((channel, *view))
    }

    /// The chunk and slot of a view's first channel.
    pub(super) fn start(&self, view: usize) -> [usize; 2] {
        [view / self.per_chunk * self.chunks_per_view(), view % self.per_chunk * self.width]
    }
}

#[cfg(test)]
mod tests;
