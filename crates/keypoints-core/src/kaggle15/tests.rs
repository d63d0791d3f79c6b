use super::*;
use crate::schema::Schema;

#[test]
fn the_constants_are_those_of_the_file() {
    let schema = Schema::kaggle15();
    assert_eq!(NAMED.len(), schema.len());
    for (name, keypoint) in NAMED {
        assert_eq!(schema.name_of(*keypoint), name.to_lowercase());
    }
    assert_eq!(schema.source_named("full"), Some(FULL));
    assert_eq!(schema.source_named("four_point"), Some(FOUR_POINT));
    assert_eq!(schema.source(FOUR_POINT).marked(), Some(&FOUR_POINTS[..]));
    assert_eq!(schema.source(FOUR_POINT).title(), "at most four keypoints labelled");
}
