use super::*;

#[test]
fn a_picture_has_the_bytes_of_its_shape() {
    for (shape, channels) in [(PictureShape::grey(8), 1), (PictureShape::colour(8), 3)] {
        let pixels = vec![7; shape.bytes()];
        let picture = Picture::new(shape, &pixels).unwrap();
        assert_eq!((picture.width(), picture.height()), (8, 8));
        assert_eq!(picture.channels().len(), channels);
        assert_eq!(Picture::new(shape, &pixels[1..]), None);
    }
    assert_eq!(Picture::new(PictureShape { side: 2, channels: 2 }, &[0; 8]), None);
    assert_eq!(Picture::new(PictureShape::grey(0), &[]), None);
}

#[test]
fn an_embedded_picture_keeps_its_colours() {
    let picture = Picture::colour(&[1, 2, 3, 4, 5, 6], 2, 1).unwrap();
    let read = image::load_from_memory(&picture.png().unwrap()).unwrap().to_rgb8();
    assert_eq!(read.as_raw(), &[1, 3, 5, 2, 4, 6]);
}
