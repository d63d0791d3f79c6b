use super::*;

#[test]
fn beyond_the_end_nothing_is_labelled() {
    let far = Keypoint::new(97);
    let mut labels = Labels::new(vec![Some(1.0), None]);
    assert_eq!((labels.get(far.x()), labels.point(far)), (None, None));
    labels.set(far.x(), None);
    assert_eq!(labels, Labels::new(vec![Some(1.0)]));
    labels.set_point(far, Point { x: 3.0, y: 4.0 });
    assert_eq!((labels.count(), labels.end()), (3, 196));
    assert_eq!(labels.points().collect::<Vec<_>>(), [(far, Point { x: 3.0, y: 4.0 })]);
    assert_ne!(labels, Labels::new(vec![Some(1.0)]));
}

#[test]
fn json_is_a_list_with_nulls() {
    let labels = Labels::new(vec![Some(1.5), None, Some(2.0)]);
    let text = serde_json::to_string(&labels).unwrap();
    assert_eq!(text, "[1.5,null,2.0]");
    assert_eq!(serde_json::from_str::<Labels>(&text).unwrap(), labels);
}
