use super::*;
use crate::keypoint::Keypoint;
use crate::picture::PictureShape;

fn parts(rows: usize) -> (Arc<Schema>, Pictures) {
    let schema = Arc::new(Schema::new("two", ["a", "b"]).unwrap());
    let shape = PictureShape::colour(4);
    (schema, Pictures::new(shape, vec![0; rows * shape.bytes()]).unwrap())
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    let (schema, pictures) = parts(2);
    let of = |labels| Dataset::of_one_source(Arc::clone(&schema), pictures.clone(), labels);
    let error = of(vec![Labels::default()]).unwrap_err().to_string();
    assert_eq!(error, "2 pictures, but 1 labels: each picture needs one");
    let third = [(Keypoint::new(2).x(), 1.0)].into_iter().collect();
    let error = of(vec![Labels::default(), third]).unwrap_err().to_string();
    assert_eq!(error, "row 1 (counted from 0) has more than the 4 coordinates of schema `two`");
    let nan = [(Keypoint::new(1).y(), f32::NAN)].into_iter().collect();
    let error = of(vec![nan, Labels::default()]).unwrap_err().to_string();
    assert_eq!(error, "row 0 (counted from 0), b_y: NaN is no place");
    let sources = vec![Source::new(0), Source::new(1)];
    let labels = vec![Labels::default(); 2];
    let error = Dataset::new(schema, pictures, labels, sources).unwrap_err().to_string();
    assert!(error.contains("label source number 1, but schema `two` has 1"), "{error}");
}

#[test]
fn chosen_rows_keep_what_belongs_to_them() {
    let (schema, pictures) = parts(3);
    let label = |x: f32| [(Keypoint::new(0).x(), x)].into_iter().collect::<Labels>();
    let labels = vec![label(0.0), label(1.0), label(2.0)];
    let dataset = Dataset::of_one_source(schema, pictures, labels).unwrap();
    let chosen = dataset.select(&[2, 0]);
    assert_eq!(chosen.labels(), [label(2.0), label(0.0)]);
    assert_eq!((chosen.len(), chosen.rows_by_source()), (2, vec![2]));
}
