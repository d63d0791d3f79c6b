use super::*;

#[test]
fn pairs_are_made_the_best_first() {
    let fit = |one: usize, other: usize| {
        [[None, Some(0.5), Some(0.9)], [Some(0.1), Some(0.4), Some(0.8)]][one][other]
    };
    assert_eq!(best_pairs(2, 3, fit), [(0, 2), (1, 1)]);
    assert_eq!(best_pairs(0, 3, fit), []);
    assert_eq!(best_pairs(2, 1, fit), [(1, 0)]);
    assert_eq!(best_pairs(1, 1, fit), []);
}
