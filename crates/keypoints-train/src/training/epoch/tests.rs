use super::*;

#[test]
fn an_epoch_visits_every_row_once_in_an_order_of_its_own() {
    let first = epoch_order(100, 1, 1);
    assert_eq!(first, epoch_order(100, 1, 1));
    assert_ne!(first, epoch_order(100, 1, 2));
    assert_ne!(first, epoch_order(100, 2, 1));
    let mut sorted = first;
    sorted.sort_unstable();
    assert!(sorted.into_iter().eq(0..100));
}
