//! A grey picture at several sizes.

use keypoints_image::Picture;

/// A grey picture as numbers in 0..=1.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    width: usize,
    /// Row by row.
    values: Vec<f32>,
}

impl Plane {
    /// Takes pixels row by row, 0 for black and 255 for white. `None` where they are no whole rows, or none.
    pub fn new(width: usize, pixels: &[u8]) -> Option<Self> {
        let is_whole = width > 0 && !pixels.is_empty() && pixels.len().is_multiple_of(width);
        let values = || pixels.iter().map(|&pixel| f32::from(pixel) / 255.0).collect();
        is_whole.then(|| Self { width, values: values() })
    }

    /// A picture in grey, its sides shrunk by a whole number, at least 1: the mean of so many pixels in both directions. What is left over on
    /// the right and below is left out.
    pub fn of_picture(picture: &Picture, shrink: usize) -> Self {
        let [across, down] = [picture.width(), picture.height()].map(|one| one as usize);
        let shrink = shrink.clamp(1, across.min(down));
        let (width, height) = (across / shrink, down / shrink);
        let (bytes, channels) = (picture.as_bytes(), picture.channels());
        // The weights of Rec. 709.
        let weights: &[f32] = if channels == 3 { &[0.2126, 0.7152, 0.0722] } else { &[1.0] };
        let weights: Vec<f32> =
            weights.iter().map(|one| one / (255 * shrink * shrink) as f32).collect();
        let mut values = vec![0.0f32; width * height];
        for (y, row) in values.chunks_exact_mut(width).enumerate() {
            for line in 0..shrink {
                let line = &bytes[(y * shrink + line) * across * channels..];
                for (value, pixels) in row.iter_mut().zip(line.chunks_exact(channels * shrink)) {
                    let grey = |pixel: &[u8]| -> f32 {
                        pixel
                            .iter()
                            .zip(&weights)
                            .map(|(&one, weight)| f32::from(one) * weight)
                            .sum()
                    };
                    *value += pixels.chunks_exact(channels).map(grey).sum::<f32>();
                }
            }
        }
        Self { width, values }
    }

    /// Pixels in a row.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Rows.
    pub fn height(&self) -> usize {
        self.values.len() / self.width
    }

    /// All pixels, row by row.
    pub fn values(&self) -> &[f32] {
        &self.values
    }

    /// The same as a value of its own.
    pub fn into_values(self) -> Vec<f32> {
        self.values
    }

    fn shorter(&self) -> usize {
        self.width.min(self.height())
    }

    /// Half the size: the mean of each 2×2 pixels. An odd last row or column is left out.
    fn halved(&self) -> Self {
        let width = self.width / 2;
        let mut values = Vec::with_capacity(self.values.len() / 4);
        for rows in self.values.chunks_exact(2 * self.width) {
            let (upper, lower) = rows.split_at(self.width);
            let pairs = upper.as_chunks::<2>().0.iter().zip(lower.as_chunks::<2>().0);
            values.extend(
                pairs.map(|(upper, lower)| (upper[0] + upper[1] + lower[0] + lower[1]) * 0.25),
            );
        }
        Self { width, values }
    }

    /// The same picture with other pixels, each interpolated between four.
    pub fn resized(&self, width: usize, height: usize) -> Self {
        let scale = |from: usize, to: usize| from as f32 / to as f32;
        let (across, down) = (scale(self.width, width), scale(self.height(), height));
        let place = |index: usize, step: f32| (index as f32 + 0.5) * step - 0.5;
        let columns: Vec<_> = (0..width).map(|x| between(place(x, across), self.width)).collect();
        let mut values = Vec::with_capacity(width * height);
        for y in 0..height {
            let (top, bottom, share) = between(place(y, down), self.height());
            let (top, bottom) = (self.row(top), self.row(bottom));
            values.extend(columns.iter().map(|&(left, right, along)| {
                let upper = top[left] + (top[right] - top[left]) * along;
                let lower = bottom[left] + (bottom[right] - bottom[left]) * along;
                upper + (lower - upper) * share
            }));
        }
        Self { width, values }
    }

    /// The picture with `edge` pixels more on each side, which repeat the outermost ones.
    pub fn padded(&self, edge: usize) -> Self {
        let (width, height) = (self.width + 2 * edge, self.height());
        let mut values = Vec::with_capacity(width * (height + 2 * edge));
        for y in 0..height + 2 * edge {
            let row = self.row(y.saturating_sub(edge).min(height - 1));
            values.extend(std::iter::repeat_n(row[0], edge));
            values.extend_from_slice(row);
            values.extend(std::iter::repeat_n(row[self.width - 1], edge));
        }
        Self { width, values }
    }

    fn row(&self, y: usize) -> &[f32] {
        &self.values[y * self.width..][..self.width]
    }

    /// The value between pixels; beyond the edges the nearest pixel goes on.
    fn at(&self, x: f32, y: f32) -> f32 {
        let (left, right, along) = between(x, self.width);
        let (top, bottom, share) = between(y, self.height());
        let (top, bottom) = (self.row(top), self.row(bottom));
        let upper = top[left] + (top[right] - top[left]) * along;
        let lower = bottom[left] + (bottom[right] - bottom[left]) * along;
        upper + (lower - upper) * share
    }
}

/// The two pixels beside a place, and the share of the second.
fn between(place: f32, size: usize) -> (usize, usize, f32) {
    let last = size - 1;
    let place = place.clamp(0.0, last as f32);
    let low = place as usize;
    (low, (low + 1).min(last), place - low as f32)
}

/// A picture at full, half, quarter and so on of its size: an image pyramid.
#[derive(Clone, Debug, PartialEq)]
pub struct Octaves(Vec<Plane>);

impl Octaves {
    /// Halves a picture as long as its shorter side keeps `shortest` pixels.
    pub fn new(plane: Plane, shortest: usize) -> Self {
        let mut all = vec![plane];
        while let Some(last) = all.last().filter(|last| last.shorter() >= 2 * shortest.max(1)) {
            let half = last.halved();
            all.push(half);
        }
        Self(all)
    }

    /// The planes, the largest first.
    pub fn planes(&self) -> &[Plane] {
        &self.0
    }

    /// Samples `pixels`×`pixels` values on a grid, row by row, into `out`.
    pub fn sample(&self, grid: &Grid, pixels: usize, out: &mut [f32]) {
        let octave = grid.octave.min(self.0.len() - 1);
        let (plane, factor) = (&self.0[octave], 1.0 / (1 << octave) as f32);
        let [across, down] = [grid.across, grid.down].map(|one| one.map(|step| step * factor));
        // Pixel centres are integers at every size.
        let onto = |place: f32| (place + 0.5) * factor - 0.5;
        let middle = grid.centre.map(onto);
        let everywhere = [f32::MIN, f32::MIN, f32::MAX, f32::MAX];
        let [left, top, right, bottom] = grid.bounds.map_or(everywhere, |all| all.map(onto));
        let half = (pixels as f32 - 1.0) / 2.0;
        for (y, row) in out.chunks_exact_mut(pixels).enumerate() {
            let v = y as f32 - half;
            for (x, value) in row.iter_mut().enumerate() {
                let u = x as f32 - half;
                let u = u + grid.bend * (u * u / half - half / 3.0);
                let x = middle[0] + u * across[0] + v * down[0];
                let y = middle[1] + u * across[1] + v * down[1];
                *value = plane.at(x.clamp(left, right), y.clamp(top, bottom));
            }
        }
    }
}

/// Where samples are taken, in pixels of the largest plane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// The middle of the samples.
    pub centre: [f32; 2],
    /// From one sample to the next in a row.
    pub across: [f32; 2],
    /// From one row to the next.
    pub down: [f32; 2],
    /// How much wider the last samples of a row are apart than the middle ones, as half of a share, and how much closer the first ones: a face
    /// that looks aside shows one half narrower. 0 for equal distances.
    pub bend: f32,
    /// The plane to read, counted from the largest.
    pub octave: usize,
    /// Left, top, right, bottom, with left ≤ right and top ≤ bottom: beyond these the nearest value goes on.
    pub bounds: Option<[f32; 4]>,
}

impl Grid {
    /// Samples over the middle of a crop that would have `pixels` of them along its side.
    pub fn over(crop: &keypoints_core::Crop, pixels: usize) -> Self {
        let step = crop.side / pixels as f64;
        let (sin, cos) = crop.roll.sin_cos();
        let direction = |x: f64, y: f64| [(x * step) as f32, (y * step) as f32];
        Self {
            centre: crop.centre.map(|one| one as f32),
            across: direction(cos, sin),
            down: direction(-sin, cos),
            bend: 0.0,
            octave: Self::octave(step as f32),
            bounds: None,
        }
    }

    /// The plane that is about as fine as samples so many pixels apart.
    pub fn octave(step: f32) -> usize {
        (step.max(1.0).log2() + 0.3) as usize
    }
}

#[cfg(test)]
mod tests;
