//! Square pictures of one shape in one block of bytes.

use serde::{Deserialize, Serialize};

/// Lengths in settings are in pixels of a picture with this side, and grow with larger pictures: a shift of 8 moves
/// a 96×96 picture by 8 pixels and a 192×192 picture by 16.
pub const REFERENCE_SIDE: usize = 96;

/// The side of square pictures in pixels, and how many channels they have.
///
/// ```
/// use keypoints_core::PictureShape;
///
/// assert_eq!(PictureShape::grey(96).bytes(), 9216);
/// assert_eq!(PictureShape::colour(64).bytes(), 3 * 64 * 64);
/// // A length of 8 in settings is a twelfth of the side.
/// assert_eq!(PictureShape::grey(192).pixels(8.0), 16.0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PictureShape {
    /// Width and height in pixels.
    pub side: usize,
    /// 1 for grey, 3 for red, green and blue.
    pub channels: usize,
}

impl PictureShape {
    /// Grey pictures.
    pub const fn grey(side: usize) -> Self {
        Self { side, channels: 1 }
    }

    /// Pictures in red, green and blue.
    pub const fn colour(side: usize) -> Self {
        Self { side, channels: 3 }
    }

    /// Pixels of one channel.
    pub const fn area(self) -> usize {
        self.side * self.side
    }

    /// Bytes of one picture, one per pixel and channel.
    pub const fn bytes(self) -> usize {
        self.channels * self.area()
    }

    /// A length of the settings in pixels of these pictures: see [`REFERENCE_SIDE`].
    pub fn pixels(self, length: f64) -> f64 {
        // This way a length is itself, to the bit, at the reference side.
        length * (self.side as f64 / REFERENCE_SIDE as f64)
    }

    /// Whether there can be such pictures: a side of 1 to 4096 and 1 or 3 channels.
    pub fn is_valid(self) -> bool {
        (1..=4096).contains(&self.side) && matches!(self.channels, 1 | 3)
    }
}

impl std::fmt::Display for PictureShape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let kind = if self.channels == 1 { "grey" } else { "colour" };
        write!(f, "{0}×{0} {kind}", self.side)
    }
}

/// Square pictures in one contiguous block, picture after picture.
///
/// A picture is its channels one after the other (all red values, then green, then blue), each row by row, `0` black
/// to `255` white.
///
/// ```
/// use keypoints_core::{PictureShape, Pictures};
///
/// let pictures = Pictures::new(PictureShape::grey(96), vec![0; 2 * 9216]).ok_or("not whole pictures")?;
/// assert_eq!((pictures.len(), pictures.get(1).len()), (2, 96 * 96));
/// assert_eq!(Pictures::new(PictureShape::grey(96), vec![0; 100]), None);
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pictures {
    shape: PictureShape,
    pixels: Vec<u8>,
}

impl Pictures {
    /// Takes over a block of pixels. `None` unless the shape is valid and the block holds whole pictures.
    pub fn new(shape: PictureShape, pixels: Vec<u8>) -> Option<Self> {
        let whole = shape.is_valid() && pixels.len().is_multiple_of(shape.bytes());
        whole.then_some(Self { shape, pixels })
    }

    /// No picture yet.
    ///
    /// # Panics
    /// If the shape is not [valid](PictureShape::is_valid).
    pub fn empty(shape: PictureShape) -> Self {
        assert!(shape.is_valid(), "{shape:?} is no shape of a picture");
        Self { shape, pixels: Vec::new() }
    }

    /// Side and channels of every picture.
    pub const fn shape(&self) -> PictureShape {
        self.shape
    }

    /// Number of pictures.
    pub fn len(&self) -> usize {
        self.pixels.len() / self.shape.bytes()
    }

    /// Whether there is no picture at all.
    pub fn is_empty(&self) -> bool {
        self.pixels.is_empty()
    }

    /// The bytes of one picture.
    ///
    /// # Panics
    /// If `index` is not below [`Pictures::len`], as slices do.
    pub fn get(&self, index: usize) -> &[u8] {
        let bytes = self.shape.bytes();
        &self.pixels[index * bytes..][..bytes]
    }

    /// All pictures in order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.pixels.chunks_exact(self.shape.bytes())
    }

    /// The whole block.
    pub fn as_bytes(&self) -> &[u8] {
        &self.pixels
    }

    /// The chosen pictures, copied, in the order asked for.
    ///
    /// # Panics
    /// If an index is not below [`Pictures::len`].
    #[must_use]
    pub fn select(&self, indices: &[usize]) -> Self {
        let mut pixels = Vec::with_capacity(indices.len() * self.shape.bytes());
        for &index in indices {
            pixels.extend_from_slice(self.get(index));
        }
        Self { shape: self.shape, pixels }
    }
}
