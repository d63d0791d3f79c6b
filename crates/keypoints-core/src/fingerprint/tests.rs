use super::*;
use crate::kaggle15;
use crate::picture::PictureShape;
use crate::schema::{Schema, Source};

#[test]
fn any_difference_changes_the_hash() {
    let value = |x: f32| [(kaggle15::NOSE_TIP.x(), x)].into_iter().collect::<Labels>();
    let of = |pixel: u8, labels: Labels, source: Source| {
        let pictures = Pictures::new(PictureShape::grey(8), vec![pixel; 64]).unwrap();
        let dataset =
            Dataset::new(Schema::kaggle15(), pictures, vec![labels], vec![source]).unwrap();
        dataset.fingerprint()
    };
    let base = of(7, value(1.0), kaggle15::FULL);
    assert_eq!(base, of(7, value(1.0), kaggle15::FULL));
    let others = [
        of(8, value(1.0), kaggle15::FULL),
        of(7, value(1.5), kaggle15::FULL),
        of(7, Labels::default(), kaggle15::FULL),
        of(7, value(0.0), kaggle15::FULL),
        of(7, value(1.0), kaggle15::FOUR_POINT),
    ];
    assert!(others.iter().all(|&other| other != base));
    assert_ne!(others[2], others[3], "a gap is not a zero");
}

#[test]
fn the_last_pixel_and_every_id_count() {
    let of = |last: u8, id: u32| {
        let mut pixels = vec![9; 64];
        pixels[63] = last;
        Pictures::new(PictureShape::grey(8), pixels).unwrap().fingerprint_with(&[id])
    };
    assert_eq!(of(9, 1), of(9, 1));
    assert_ne!(of(9, 1), of(8, 1));
    assert_ne!(of(9, 1), of(9, 2));
}
