use super::*;

#[test]
fn as_many_as_were_asked_for() {
    for count in TestTimeAugmentation::COUNTS {
        assert_eq!(TestTimeAugmentation::of_count(count).unwrap().count(), count);
    }
}
