use super::*;

#[test]
fn every_part_of_the_key_matters() {
    let base = derive(1, Stream::Order, 1);
    assert_eq!(base, derive(1, Stream::Order, 1));
    assert_ne!(base, derive(2, Stream::Order, 1));
    assert_ne!(base, derive(1, Stream::Step, 1));
    assert_ne!(derive(1, Stream::Augment, 1), derive(1, Stream::Step, 1));
    assert_ne!(base, derive(1, Stream::Order, 2));
}
