//! A number that says which data a run has seen.

use xxhash_rust::xxh3::Xxh3;

use crate::dataset::Dataset;
use crate::labels::Labels;
use crate::picture::Pictures;

impl Dataset {
    /// A hash of all pixels, labels and sources, in order: the same on every machine, and different when a single pixel,
    /// label, gap or source differs. Where the data came from and what its points are called plays no part.
    ///
    /// ```
    /// use keypoints_core::{Dataset, Labels, PictureShape, Pictures, Schema, kaggle15};
    ///
    /// let pictures = Pictures::new(kaggle15::SHAPE, vec![0; 9216]).ok_or("not whole")?;
    /// let of = |labels| Dataset::of_one_source(Schema::kaggle15(), pictures.clone(), vec![labels]);
    /// let nose = [(kaggle15::NOSE_TIP.x(), 0.0)].into_iter().collect();
    /// assert_ne!(of(Labels::default())?.fingerprint(), of(nose)?.fingerprint());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn fingerprint(&self) -> u64 {
        let coordinates = 2 * self.schema().len();
        let mut small = encode_labels(self.labels(), coordinates);
        small.extend(self.sources().iter().map(|source| source.index() as u8));
        digest(&small, self.pictures())
    }
}

impl Pictures {
    /// A hash of numbers that belong to the pictures, and all pixels, in order. See [`Dataset::fingerprint`].
    pub fn fingerprint_with(&self, ids: &[u32]) -> u64 {
        let bytes: Vec<u8> = ids.iter().flat_map(|id| id.to_le_bytes()).collect();
        digest(&bytes, self)
    }
}

fn digest(small: &[u8], pictures: &Pictures) -> u64 {
    let mut hash = Xxh3::new();
    // Side and lengths keep a byte that moves from one part to another from going unnoticed.
    let shape = pictures.shape();
    for number in [shape.side, shape.channels, small.len()] {
        hash.update(&(number as u64).to_le_bytes());
    }
    hash.update(small);
    hash.update(pictures.as_bytes());
    hash.digest()
}

/// Little endian: per row a byte per coordinate that says whether it is labelled, then four bytes per value, 0 where there is none.
fn encode_labels(labels: &[Labels], coordinates: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(labels.len() * 5 * coordinates);
    for row in labels {
        let values = || crate::keypoint::Coordinate::all(coordinates / 2).map(|one| row.get(one));
        bytes.extend(values().map(|value| u8::from(value.is_some())));
        bytes.extend(values().flat_map(|value| value.unwrap_or(0.0).to_le_bytes()));
    }
    bytes
}

#[cfg(test)]
mod tests;
