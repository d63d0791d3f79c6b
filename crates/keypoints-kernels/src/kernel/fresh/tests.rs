use super::*;

#[test]
fn every_part_is_made_once() {
    let values = by_parts(10, 4, |number, part: &mut [usize]| {
        assert!(part.iter().all(|&value| value == 0));
        part.iter_mut().for_each(|value| *value += number + 1);
    });
    assert_eq!(values, [1, 1, 1, 1, 2, 2, 2, 2, 3, 3]);
    assert!(by_parts::<f32>(0, 0, |_, _| ()).is_empty());
}
