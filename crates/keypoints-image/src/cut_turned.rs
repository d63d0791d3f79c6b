//! Cutting a turned square out of a picture.

use std::ops::Range;

use keypoints_core::{Crop, PictureShape};

use crate::picture::Picture;

/// A larger scale passes over pixels of the photo.
const LARGEST_SCALE: f64 = 8.0;

/// Cuts a square that is turned by its roll. A pixel of the crop is about the mean over the area that it covers, as for upright crops:
/// the mean of up to 2×2 samples, each of which is interpolated between means over a few pixels of the photo.
pub(crate) fn cut_turned(picture: &Picture, crop: &Crop, shape: PictureShape) -> Vec<u8> {
    let sampling = Sampling::new(crop, shape);
    let channels = match (picture.channels(), shape.channels) {
        (3, 1) => vec![Channel::Luma],
        (3, _) => (0..3).map(|first| Channel::One { first, of: 3 }).collect(),
        _ => vec![Channel::One { first: 0, of: 1 }],
    };
    let mut pixels = Vec::with_capacity(shape.bytes());
    for channel in channels {
        sampling.sample(&Plane::new(picture, channel, &sampling), &mut pixels);
    }
    // A grey picture has the same values in all channels.
    while pixels.len() < shape.bytes() {
        pixels.extend_from_within(..shape.area());
    }
    pixels
}

/// Where the samples of a crop lie.
struct Sampling {
    crop: Crop,
    pixels: usize,
    cos: f64,
    sin: f64,
    /// Every so many pixels of the photo along either axis count; more than one for very large crops only.
    stride: usize,
    /// A sample is the mean of so many of them along either axis.
    width: usize,
    /// Samples of a crop pixel along either axis.
    samples: usize,
}

impl Sampling {
    fn new(crop: &Crop, shape: PictureShape) -> Self {
        let (sin, cos) = crop.roll.sin_cos();
        let scale = crop.side / shape.side as f64;
        let stride = ((scale / LARGEST_SCALE).ceil() as usize).max(1);
        let scale = scale / stride as f64;
        let (width, samples) = match scale {
            _ if scale > 2.0 => ((scale.min(LARGEST_SCALE) / 2.0).round() as usize, 2),
            _ if scale > 1.0 => (1, 2),
            _ => (1, 1),
        };
        Self { crop: *crop, pixels: shape.side, cos, sin, stride, width, samples }
    }

    /// Appends the crop's pixels, row by row.
    fn sample(&self, plane: &Plane, pixels: &mut Vec<u8>) {
        let (stride, samples) = (self.stride as f64, self.samples);
        let along = |index: usize| {
            ((index as f64 + 0.5) / (samples * self.pixels) as f64 - 0.5) * self.crop.side / stride
        };
        let across =
            |index: usize| [fixed(along(index) * self.cos), fixed(along(index) * self.sin)];
        let across: Vec<[i64; 2]> = (0..samples * self.pixels).map(across).collect();
        let share = 1.0 / (samples * samples * self.width * self.width) as f32;
        let start = |axis: usize| self.crop.centre[axis] / stride - plane.origin[axis];
        let mut sums = vec![0.0f32; self.pixels];
        for row in 0..self.pixels {
            sums.fill(0.0);
            for down in (row * samples..(row + 1) * samples).map(along) {
                let start = [fixed(start(0) - down * self.sin), fixed(start(1) + down * self.cos)];
                plane.add_line(start, &across, samples, &mut sums);
            }
            pixels.extend(sums.iter().map(|sum| (sum * share + 0.5) as u8));
        }
    }
}

/// Bits behind the point of a place on a plane.
const BITS: u32 = 16;

/// A place in `1 << BITS` parts, cut to what two of them can be added in.
fn fixed(place: f64) -> i64 {
    const FAR: f64 = (1i64 << 40) as f64;
    (place.clamp(-FAR, FAR) * f64::from(1 << BITS)) as i64
}

/// What is read of a picture.
#[derive(Clone, Copy)]
enum Channel {
    /// How bright it is.
    Luma,
    /// One channel of so many.
    One { first: usize, of: usize },
}

impl Channel {
    /// The values of a row of the picture for a range of the plane's columns.
    fn read(self, row: &[u8], columns: &Axis, range: Range<usize>, to: &mut [f32]) {
        let one = |pixel: &[u8]| match self {
            Self::Luma => luma(pixel),
            Self::One { first, .. } => f32::from(pixel[first]),
        };
        let width = match self {
            Self::Luma => 3,
            Self::One { of, .. } => of,
        };
        // Columns that lie on the picture side by side, and those beyond its edges.
        let inner = columns.inner(range.clone());
        for (to, column) in to.iter_mut().zip(range.clone()) {
            if inner.contains(&column) {
                continue;
            }
            *to = one(&row[columns.on_picture(column) * width..][..width]);
        }
        if inner.is_empty() {
            return;
        }
        let from = &row[columns.on_picture(inner.start) * width..];
        let to = &mut to[inner.start - range.start..inner.end - range.start];
        for (to, pixel) in to.iter_mut().zip(from.chunks_exact(width)) {
            *to = one(pixel);
        }
    }
}

/// One axis of a plane: which pixels of the picture it has.
struct Axis {
    /// The first, in strides from the picture's first pixel; below 0 beyond its edge.
    first: i64,
    length: usize,
    stride: usize,
    /// The picture's last pixel.
    last: usize,
}

impl Axis {
    /// The pixels under a crop, as far as the edge pixels of the picture go on once.
    fn new(middle: f64, reach: f64, size: usize, sampling: &Sampling) -> Self {
        let (stride, width, last) = (sampling.stride, sampling.width as i64, size - 1);
        let lowest = -width;
        let highest = last.div_ceil(stride) as i64 + width + 1;
        let first = ((middle - reach) / stride as f64).floor() as i64;
        let end = ((middle + reach) / stride as f64).ceil() as i64;
        let first = first.saturating_sub(width).clamp(lowest, highest - width - 1);
        let end = end.saturating_add(width + 1).clamp(first + width + 1, highest);
        Self { first, length: (end - first + 1) as usize, stride, last }
    }

    fn on_picture(&self, index: usize) -> usize {
        let place = (self.first + index as i64).max(0) as usize;
        place.saturating_mul(self.stride).min(self.last)
    }

    /// The part of a range that lies on the picture side by side.
    fn inner(&self, range: Range<usize>) -> Range<usize> {
        if self.stride > 1 {
            return range.end..range.end;
        }
        let start = (-self.first).max(0) as usize;
        let end = (self.last as i64 + 1 - self.first).max(0) as usize;
        let start = start.clamp(range.start, range.end);
        start..end.clamp(start, range.end)
    }
}

/// One channel of the part of a picture that lies under a crop: sums over squares of pixels, as wide as a sample is.
struct Plane {
    values: Vec<f32>,
    columns: usize,
    /// Where the middle of the first sum lies, in strides.
    origin: [f64; 2],
    /// The last sum along each axis that has a neighbour to interpolate with.
    end: [usize; 2],
}

impl Plane {
    fn new(picture: &Picture, channel: Channel, sampling: &Sampling) -> Self {
        let (crop, width) = (&sampling.crop, sampling.width);
        let reach = crop.side / 2.0 * (sampling.cos.abs() + sampling.sin.abs());
        let columns = Axis::new(crop.centre[0], reach, picture.width() as usize, sampling);
        let rows = Axis::new(crop.centre[1], reach, picture.height() as usize, sampling);
        let row_bytes = picture.width() as usize * picture.channels();
        let mut values = vec![0.0; columns.length * rows.length];
        for (index, line) in values.chunks_exact_mut(columns.length).enumerate() {
            // What lies beyond the picture is read from the outermost rows, at any place.
            let outermost = index <= width + 1 || index + width + 2 >= rows.length;
            let range = match outermost {
                true => 0..columns.length,
                false => under(sampling, rows.first + index as i64, &columns),
            };
            let row = &picture.as_bytes()[rows.on_picture(index) * row_bytes..][..row_bytes];
            channel.read(row, &columns, range.clone(), &mut line[range]);
        }
        if width > 1 {
            sum_squares(&mut values, columns.length, width);
        }
        let middle = (width - 1) as f64 / 2.0;
        let end = |axis: &Axis| axis.length - width - 1;
        Self {
            values,
            columns: columns.length,
            origin: [columns.first as f64 + middle, rows.first as f64 + middle],
            end: [end(&columns), end(&rows)],
        }
    }

    /// Adds up the values at places along a line: so many of them for each sum. Beyond the plane its edge goes on.
    fn add_line(&self, start: [i64; 2], steps: &[[i64; 2]], samples: usize, sums: &mut [f32]) {
        let end = self.end.map(|end| (end as i64) << BITS);
        let place = |step: &[i64; 2]| [start[0] + step[0], start[1] + step[1]];
        let inside = |step: &[i64; 2]| {
            place(step).iter().zip(end).all(|(place, end)| (0..=end).contains(place))
        };
        // A line whose ends are on the plane is on it as a whole.
        if steps.first().is_some_and(inside) && steps.last().is_some_and(inside) {
            for (sum, steps) in sums.iter_mut().zip(steps.chunks_exact(samples)) {
                for step in steps {
                    *sum += self.at(place(step));
                }
            }
            return;
        }
        for (sum, steps) in sums.iter_mut().zip(steps.chunks_exact(samples)) {
            for [x, y] in steps.iter().map(place) {
                *sum += self.at([x.clamp(0, end[0]), y.clamp(0, end[1])]);
            }
        }
    }

    /// The value at a place on the plane, interpolated.
    #[inline]
    fn at(&self, [x, y]: [i64; 2]) -> f32 {
        const PART: f32 = 1.0 / (1 << BITS) as f32;
        let part = |place: i64| (place & ((1 << BITS) - 1)) as i32 as f32 * PART;
        let index = (y >> BITS) as usize * self.columns + (x >> BITS) as usize;
        let around = &self.values[index..][..self.columns + 2];
        let upper = around[0] + (around[1] - around[0]) * part(x);
        let lower = around[self.columns];
        let lower = lower + (around[self.columns + 1] - lower) * part(x);
        upper + (lower - upper) * part(y)
    }
}

/// The columns of a row that lie under the crop or close to it.
fn under(sampling: &Sampling, row: i64, columns: &Axis) -> Range<usize> {
    let Sampling { crop, cos, sin, stride, width, .. } = sampling;
    let down = row as f64 * *stride as f64 - crop.centre[1];
    let half = crop.side / 2.0 + (width + 2) as f64 * *stride as f64 * std::f64::consts::SQRT_2;
    // On the crop, a place has the coordinates x·cos + down·sin and down·cos − x·sin.
    let (mut left, mut right) = (f64::NEG_INFINITY, f64::INFINITY);
    for (slope, offset) in [(cos, down * sin), (sin, -down * cos)] {
        let ends = [(-half - offset) / slope, (half - offset) / slope];
        left = left.max(ends[0].min(ends[1]));
        right = right.min(ends[0].max(ends[1]));
    }
    let index = |place: f64| {
        (((crop.centre[0] + place) / *stride as f64) as i64).saturating_sub(columns.first)
    };
    let clamp = |index: i64| index.clamp(0, columns.length as i64) as usize;
    let start = clamp(index(left).saturating_sub(1)).min(columns.length - width - 1);
    start..clamp(index(right).saturating_add(1)).max(start + width + 1).min(columns.length)
}

/// Replaces every value by the sum over the square to its right and below it. The last rows and columns have no such square.
fn sum_squares(values: &mut [f32], columns: usize, width: usize) {
    let mut line = vec![0.0; columns];
    for index in 0..values.len() / columns - (width - 1) {
        let rows = &mut values[index * columns..(index + width) * columns];
        line.copy_from_slice(&rows[..columns]);
        for row in rows.chunks_exact(columns).skip(1) {
            line.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        let sums = &mut rows[..columns - (width - 1)];
        sums.copy_from_slice(&line[..sums.len()]);
        for right in 1..width {
            sums.iter_mut().zip(&line[right..]).for_each(|(sum, value)| *sum += value);
        }
    }
}

/// How bright a colour is, by the weights of Rec. 709 in 65,536ths.
fn luma(pixel: &[u8]) -> f32 {
    let [red, green, blue] = [0, 1, 2].map(|channel| u32::from(pixel[channel]));
    (13_933 * red + 46_871 * green + 4_732 * blue) as i32 as f32 / 65_536.0
}
