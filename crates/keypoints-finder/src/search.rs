//! Windows of a picture that may hold a face.

use burn::tensor::{Device, Tensor, TensorData};
use keypoints_core::Crop;
use rayon::prelude::*;

use crate::answer::Answer;
use crate::error::FinderError;
use crate::keep_best::keep_best;
use crate::networks::{Proposer, Verifier, WindowNetwork};
use crate::planes::{Grid, Octaves, Plane};

/// A crop that may show a face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Where it is, in pixels of the largest plane.
    pub crop: Crop,
    /// Log odds that there is a face.
    pub logit: f32,
}

impl Candidate {
    /// The face that a network sees from a window.
    pub fn of(window: &Crop, answer: &Answer) -> Self {
        Self { crop: answer.of(window), logit: answer.logit }
    }
}

/// Pixels that are added around a plane, so that windows may reach half beyond the edge.
const EDGE: usize = Proposer::WINDOW / 2;

/// Planes with a shorter side than this have no window worth looking at.
pub const SHORTEST: usize = 16;

/// Windows per pass of the verifier.
const BATCH: usize = 32;

/// Windows of a picture whose log odds are above a threshold: where the proposer looked, and what it said. It looks at every second root of a
/// half: full size, 0.71, 0.5, 0.35, …
///
/// # Errors
/// [`FinderError`] if the device fails.
pub fn propose(
    network: &Proposer,
    octaves: &Octaves,
    above: f32,
    device: &Device,
) -> Result<Vec<(Crop, Answer)>, FinderError> {
    let mut sizes: Vec<(Plane, f64)> = Vec::new();
    for (octave, plane) in octaves.planes().iter().enumerate() {
        let scale = (1usize << octave) as f64;
        let smaller = |size: usize| (size as f64 / std::f64::consts::SQRT_2).round() as usize;
        let [width, height] = [plane.width(), plane.height()];
        if width.min(height) >= SHORTEST {
            sizes.push((plane.padded(EDGE), scale));
        }
        let (less, lower) = (smaller(width), smaller(height));
        if less.min(lower) >= SHORTEST {
            let between = width as f64 / less as f64;
            sizes.push((plane.resized(less, lower).padded(EDGE), scale * between));
        }
    }
    let found: Result<Vec<_>, FinderError> = sizes
        .into_par_iter()
        .map(|(plane, scale)| windows(network, plane, scale, above, device))
        .collect();
    Ok(found?.into_iter().flatten().collect())
}

/// Windows of a padded plane. A pixel of the plane is `scale` pixels of the picture.
fn windows(
    network: &Proposer,
    plane: Plane,
    scale: f64,
    above: f32,
    device: &Device,
) -> Result<Vec<(Crop, Answer)>, FinderError> {
    let shape = [1, 1, plane.height(), plane.width()];
    let output =
        network.forward(Tensor::from_data(TensorData::new(plane.into_values(), shape), device));
    let [_, _, rows, columns] = output.dims();
    let values = output.try_into_vec_as::<f32>().map_err(FinderError::failed)?;
    let map = rows * columns;
    let place = |index: usize| {
        let pixel = (index * Proposer::STRIDE + Proposer::WINDOW / 2) as f64 - EDGE as f64;
        (pixel + 0.5) * scale - 0.5
    };
    let window = |at: usize| {
        let answer = Answer::read(std::array::from_fn(|output| values[output * map + at]));
        let centre = [place(at % columns), place(at / columns)];
        (Crop::upright(centre, Proposer::CROP as f64 * scale), answer)
    };
    Ok((0..map).filter(|&at| values[at] > above).map(window).collect())
}

/// What the verifier says of each window, on average over the window and its mirror image.
///
/// # Errors
/// [`FinderError`] if the device fails.
pub fn verify(
    network: &Verifier,
    octaves: &Octaves,
    windows: &[Crop],
    device: &Device,
) -> Result<Vec<Answer>, FinderError> {
    const SIDE: usize = Verifier::WINDOW;
    let mut answers = Vec::with_capacity(windows.len());
    for part in windows.chunks(BATCH) {
        let mut pixels = vec![0.0; 2 * part.len() * SIDE * SIDE];
        let pairs = pixels.chunks_exact_mut(2 * SIDE * SIDE);
        for (window, out) in part.iter().zip(pairs) {
            let (seen, mirrored) = out.split_at_mut(SIDE * SIDE);
            octaves.sample(&Grid::over(window, Verifier::CROP), SIDE, seen);
            for (row, mirrored) in seen.chunks(SIDE).zip(mirrored.chunks_mut(SIDE)) {
                mirrored.iter_mut().zip(row.iter().rev()).for_each(|(to, from)| *to = *from);
            }
        }
        let data = TensorData::new(pixels, [2 * part.len(), 1, SIDE, SIDE]);
        let output = network.forward(Tensor::from_data(data, device));
        let values = output.try_into_vec_as::<f32>().map_err(FinderError::failed)?;
        let rows = values.as_chunks().0.as_chunks::<2>().0;
        answers.extend(rows.iter().map(|&[seen, mirrored]| {
            Answer::read(seen).averaged(&Answer::read(mirrored).mirrored())
        }));
    }
    Ok(answers)
}

/// Leaves of all candidates that are the same as a likelier one the likeliest. The likeliest comes first.
pub fn suppress(all: Vec<Candidate>, is_same: impl Fn(&Crop, &Crop) -> bool) -> Vec<Candidate> {
    keep_best(all, |one| one.logit, |one, other| is_same(&one.crop, &other.crop))
}

/// The area in both squares over the area in either, as if neither were turned.
pub fn overlap(one: &Crop, other: &Crop) -> f64 {
    one.region().overlap(other.region())
}

/// The area in both squares over that of the smaller one, as if neither were turned: 1 where one lies within the other.
pub fn covered(one: &Crop, other: &Crop) -> f64 {
    let [one_area, other_area] = [one, other].map(|crop| crop.side * crop.side);
    let share = overlap(one, other);
    share / (1.0 + share) * (one_area + other_area) / one_area.min(other_area)
}

#[cfg(test)]
mod tests;
