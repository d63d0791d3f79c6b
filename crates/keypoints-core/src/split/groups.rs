//! Which rows show the same picture.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use xxhash_rust::xxh3::xxh3_64;

use crate::picture::Pictures;

/// Numbers the different pictures, `0..n` in order of first appearance, and gives each row its number.
///
/// Two rows share a number exactly if all their pixels are equal.
///
/// ```
/// use keypoints_core::{PictureShape, Pictures, picture_groups};
///
/// let pixels = [7u8, 9, 7].into_iter().flat_map(|grey| [grey; 64]).collect();
/// let pictures = Pictures::new(PictureShape::grey(8), pixels).expect("whole pictures");
/// assert_eq!(picture_groups(&pictures), [0, 1, 0]);
/// ```
pub fn picture_groups(pictures: &Pictures) -> Vec<u32> {
    let hashes: Vec<u64> = pictures.iter().map(xxh3_64).collect();
    number_by(&hashes, |a, b| pictures.get(a) == pictures.get(b))
}

/// Numbers rows by equality. Rows with different hashes must differ; `same` decides about the others.
fn number_by(hashes: &[u64], same: impl Fn(usize, usize) -> bool) -> Vec<u32> {
    // Per hash, the first row of each group: more than one only if the hash collides.
    let mut firsts: HashMap<u64, Vec<(usize, u32)>> = HashMap::with_capacity(hashes.len());
    let mut next = 0;
    let mut fresh = || {
        next += 1;
        next - 1
    };
    hashes
        .iter()
        .enumerate()
        .map(|(row, &hash)| match firsts.entry(hash) {
            Entry::Vacant(slot) => {
                let group = fresh();
                slot.insert(vec![(row, group)]);
                group
            }
            Entry::Occupied(mut slot) => {
                let known = slot.get().iter().find(|&&(first, _)| same(first, row));
                if let Some(&(_, group)) = known {
                    return group;
                }
                let group = fresh();
                slot.get_mut().push((row, group));
                group
            }
        })
        .collect()
}

#[cfg(test)]
mod tests;
