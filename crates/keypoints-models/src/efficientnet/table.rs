//! The shapes of the family as rows of tables.

/// One stage of blocks at the width and depth of B0: Table 1 of the paper, rows 2 to 8.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stage {
    /// How many times wider a block is inside than at its input.
    pub(super) expand: usize,
    /// Side of the depthwise kernel.
    pub(super) kernel: usize,
    /// Stride of the first block.
    pub(super) stride: usize,
    /// Output channels.
    pub(super) channels: usize,
    /// Blocks.
    pub(super) blocks: usize,
}

const fn stage(
    expand: usize,
    kernel: usize,
    stride: usize,
    channels: usize,
    blocks: usize,
) -> Stage {
    Stage { expand, kernel, stride, channels, blocks }
}

/// All stages.
pub(super) const STAGES: [Stage; 7] = [
    stage(1, 3, 1, 16, 1),
    stage(6, 3, 2, 24, 2),
    stage(6, 5, 2, 40, 2),
    stage(6, 3, 2, 80, 3),
    stage(6, 5, 1, 112, 3),
    stage(6, 5, 2, 192, 4),
    stage(6, 3, 1, 320, 1),
];

/// Channels of the first convolution of B0.
pub(super) const STEM: usize = 32;

/// A member of the family: what it changes about B0.
#[derive(Clone, Copy, Debug)]
pub(super) struct Variant {
    pub(super) name: &'static str,
    pub(super) width: f64,
    pub(super) depth: f64,
    pub(super) dropout: f64,
    pub(super) lite: bool,
}

const fn variant(name: &'static str, width: f64, depth: f64, dropout: f64, lite: bool) -> Variant {
    Variant { name, width, depth, dropout, lite }
}

/// The members. Lite 1 to 4 would also keep the first and the last layer at the width of B0.
pub(super) const VARIANTS: [Variant; 6] = [
    variant("b0", 1.0, 1.0, 0.2, false),
    variant("b1", 1.0, 1.1, 0.2, false),
    variant("b2", 1.1, 1.2, 0.3, false),
    variant("b3", 1.2, 1.4, 0.3, false),
    variant("b4", 1.4, 1.8, 0.4, false),
    variant("lite0", 1.0, 1.0, 0.2, true),
];

/// So many channels, scaled, as the nearest multiple of 8 that is not more than a tenth too small.
pub(super) fn scaled_channels(channels: usize, factor: f64) -> usize {
    let wanted = channels as f64 * factor;
    let rounded = ((wanted + 4.0) / 8.0).floor().max(1.0) * 8.0;
    (if rounded < 0.9 * wanted { rounded + 8.0 } else { rounded }) as usize
}

/// So many blocks, scaled, rounded up.
pub(super) fn scaled_blocks(blocks: usize, factor: f64) -> usize {
    (blocks as f64 * factor).ceil() as usize
}

#[cfg(test)]
mod tests;
