use super::*;
use crate::picture::PictureShape;

#[test]
fn a_hash_collision_does_not_join_different_pictures() {
    let pictures = ["a", "b", "a", "c", "b"];
    let hashes = [5, 5, 5, 6, 5];
    assert_eq!(number_by(&hashes, |a, b| pictures[a] == pictures[b]), [0, 1, 0, 2, 1]);
}

#[test]
fn a_single_different_pixel_makes_another_picture() {
    let shape = PictureShape::colour(8);
    let mut pixels = vec![100; 3 * shape.bytes()];
    pixels[2 * shape.bytes() - 1] = 101;
    let pictures = Pictures::new(shape, pixels).unwrap();
    assert_eq!(picture_groups(&pictures), [0, 1, 0]);
    assert!(picture_groups(&Pictures::empty(shape)).is_empty());
}
