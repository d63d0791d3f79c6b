//! A number that says which data a run has seen.

use xxhash_rust::xxh3::Xxh3;

use crate::dataset::{FaceDataset, TestSet};
use crate::keypoint::{Coordinate, NUM_COORDINATES};
use crate::labels::Labels;

/// Bytes that the labels of one face take in [`encode_labels`].
pub(crate) const LABEL_BYTES: usize = 4 + 4 * NUM_COORDINATES;

impl FaceDataset {
    /// A hash of all pixels and labels, in order: the same on every machine, and different when a single
    /// grey value, label or gap differs. Which file they came from plays no part.
    ///
    /// ```
    /// use keypoints_data::{FaceDataset, IMAGE_PIXELS, Images, Keypoint, Labels};
    ///
    /// let images = Images::from_pixels(vec![0; IMAGE_PIXELS]).ok_or("not whole")?;
    /// let mut labels = Labels::default();
    /// let unlabelled = FaceDataset::new(images.clone(), vec![labels]).ok_or("lengths differ")?;
    /// labels.set(Keypoint::NoseTip.x(), Some(0.0));
    /// let labelled = FaceDataset::new(images, vec![labels]).ok_or("lengths differ")?;
    /// assert_ne!(labelled.fingerprint(), unlabelled.fingerprint());
    /// # Ok::<(), &str>(())
    /// ```
    pub fn fingerprint(&self) -> u64 {
        digest(&encode_labels(self.labels()), self.images().as_bytes())
    }
}

impl TestSet {
    /// A hash of all ids and pixels, in order. See [`FaceDataset::fingerprint`].
    pub fn fingerprint(&self) -> u64 {
        digest(&encode_ids(self.image_ids()), self.images().as_bytes())
    }
}

/// The fingerprint of encoded labels or ids and the pixels beside them.
pub(crate) fn digest(small: &[u8], pixels: &[u8]) -> u64 {
    let mut hash = Xxh3::new();
    // The length keeps a byte that moves from one part to the other from going unnoticed.
    hash.update(&(small.len() as u64).to_le_bytes());
    hash.update(small);
    hash.update(pixels);
    hash.digest()
}

/// 124 bytes per face, little endian: a bit per coordinate that is labelled (bit 0 is the first column),
/// then thirty values of four bytes, 0 where there is none.
pub(crate) fn encode_labels(labels: &[Labels]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(labels.len() * LABEL_BYTES);
    for face in labels {
        let mask = face.present().fold(0_u32, |mask, (at, _)| mask | (1 << at.index()));
        bytes.extend_from_slice(&mask.to_le_bytes());
        for value in face.values() {
            bytes.extend_from_slice(&value.unwrap_or(0.0).to_le_bytes());
        }
    }
    bytes
}

/// The reverse of [`encode_labels`]; what is left of an incomplete face is dropped.
pub(crate) fn decode_labels(bytes: &[u8]) -> Vec<Labels> {
    let (words, _) = bytes.as_chunks::<4>();
    let (faces, _) = words.as_chunks::<{ 1 + NUM_COORDINATES }>();
    let decode = |[mask, values @ ..]: &[[u8; 4]; 1 + NUM_COORDINATES]| {
        let mask = u32::from_le_bytes(*mask);
        let present = Coordinate::all().zip(values).filter(|(at, _)| mask >> at.index() & 1 == 1);
        present.map(|(at, value)| (at, f32::from_le_bytes(*value))).collect()
    };
    faces.iter().map(decode).collect()
}

/// Four bytes per id, little endian.
pub(crate) fn encode_ids(ids: &[u32]) -> Vec<u8> {
    ids.iter().flat_map(|id| id.to_le_bytes()).collect()
}

/// The reverse of [`encode_ids`].
pub(crate) fn decode_ids(bytes: &[u8]) -> Vec<u32> {
    bytes.as_chunks::<4>().0.iter().map(|id| u32::from_le_bytes(*id)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dataset::Images;
    use crate::keypoint::{IMAGE_PIXELS, Keypoint};

    #[test]
    fn labels_and_ids_read_back_bit_by_bit() {
        let mut some = Labels::default();
        some.set(Keypoint::LeftEyeCenter.x(), Some(0.0));
        some.set(Keypoint::NoseTip.y(), Some(-0.0));
        some.set(Keypoint::MouthCenterBottomLip.y(), Some(95.999));
        let all = [Labels::default(), some, Labels::new([Some(12.5); NUM_COORDINATES])];
        let bytes = encode_labels(&all);
        assert_eq!(bytes.len(), 3 * LABEL_BYTES);
        assert_eq!(decode_labels(&bytes), all);
        assert_eq!(encode_labels(&decode_labels(&bytes)), bytes);
        assert_eq!(decode_ids(&encode_ids(&[1, 0, u32::MAX])), [1, 0, u32::MAX]);
    }

    #[test]
    fn the_fingerprint_sees_every_part() {
        let base = |pixel: u8, label: Option<f32>| {
            let mut pixels = vec![9; IMAGE_PIXELS];
            pixels[IMAGE_PIXELS - 1] = pixel;
            let labels = Labels::from_iter(label.map(|value| (Keypoint::NoseTip.x(), value)));
            let images = Images::from_pixels(pixels).unwrap();
            FaceDataset::new(images, vec![labels]).unwrap().fingerprint()
        };
        let all = [base(9, None), base(8, None), base(9, Some(0.0)), base(9, Some(1.0))];
        for (index, one) in all.iter().enumerate() {
            assert!(!all[..index].contains(one));
        }
        assert_eq!(base(9, None), all[0]);

        let images = Images::from_pixels(vec![0; IMAGE_PIXELS]).unwrap();
        let test = |id| TestSet::new(vec![id], images.clone()).unwrap().fingerprint();
        assert_ne!(test(1), test(2));
    }
}
