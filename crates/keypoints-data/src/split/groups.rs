//! Which rows show the same picture.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::dataset::Images;
use crate::keypoint::IMAGE_PIXELS;

/// Numbers the different pictures, `0..n` in order of first appearance, and gives each row its number.
///
/// Two rows share a number exactly if all their 9216 pixels are equal.
///
/// ```
/// use keypoints_data::{IMAGE_PIXELS, Images, picture_groups};
///
/// let pixels = [7u8, 9, 7].into_iter().flat_map(|grey| [grey; IMAGE_PIXELS]).collect();
/// let images = Images::from_pixels(pixels).expect("whole faces");
/// assert_eq!(picture_groups(&images), [0, 1, 0]);
/// ```
pub fn picture_groups(images: &Images) -> Vec<u32> {
    let hashes: Vec<u64> = images.as_bytes().par_chunks_exact(IMAGE_PIXELS).map(xxh3_64).collect();
    number_by(&hashes, |a, b| images.get(a) == images.get(b))
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
mod tests {
    use super::*;

    #[test]
    fn a_hash_collision_does_not_join_different_pictures() {
        let pictures = ["a", "b", "a", "c", "b"];
        let hashes = [5, 5, 5, 6, 5];
        assert_eq!(number_by(&hashes, |a, b| pictures[a] == pictures[b]), [0, 1, 0, 2, 1]);
    }

    #[test]
    fn a_single_different_pixel_makes_another_picture() {
        let mut pixels = vec![100; 3 * IMAGE_PIXELS];
        pixels[2 * IMAGE_PIXELS - 1] = 101;
        let images = Images::from_pixels(pixels).unwrap();
        assert_eq!(picture_groups(&images), [0, 1, 0]);
        assert!(picture_groups(&Images::default()).is_empty());
    }
}
