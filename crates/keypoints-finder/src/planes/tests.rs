//! Tests of planes.

use keypoints_core::Crop;
use keypoints_image::Picture;
use keypoints_image::image::{DynamicImage, GrayImage, Luma, RgbImage};

use super::{Grid, Octaves, Plane};

/// A picture whose brightness rises by 4 levels per column and 2 per row.
fn ramp(width: usize, height: usize) -> Plane {
    let pixel = |at: usize| (4 * (at % width) + 2 * (at / width)) as u8;
    let pixels: Vec<u8> = (0..width * height).map(pixel).collect();
    let Some(plane) = Plane::new(width, &pixels) else { panic!("whole rows") };
    plane
}

/// What [`ramp`] has at a place.
fn level(x: f32, y: f32) -> f32 {
    (4.0 * x + 2.0 * y) / 255.0
}

#[test]
fn pixels_must_be_whole_rows() {
    assert!(Plane::new(3, &[0; 7]).is_none());
    assert!(Plane::new(0, &[0; 7]).is_none());
    assert!(Plane::new(3, &[]).is_none());
}

#[test]
fn a_picture_shrinks_by_means_and_leaves_out_the_rest() {
    let image = GrayImage::from_fn(5, 3, |x, y| Luma([(10 * x + 100 * y) as u8]));
    let picture = Picture::from_image(DynamicImage::from(image)).expect("pixels");
    let plane = Plane::of_picture(&picture, 2);
    assert_eq!((plane.width(), plane.height()), (2, 1));
    let expected = [55.0 / 255.0, 75.0 / 255.0];
    assert!(plane.values().iter().zip(expected).all(|(one, other)| (one - other).abs() < 1e-6));
    // More than the picture has.
    assert_eq!(Plane::of_picture(&picture, 100).values().len(), 1);
}

#[test]
fn colours_become_grey_by_their_brightness() {
    let image = RgbImage::from_pixel(2, 2, keypoints_image::image::Rgb([0, 255, 0]));
    let picture = Picture::from_image(DynamicImage::from(image)).expect("pixels");
    assert!((Plane::of_picture(&picture, 1).values()[0] - 0.7152).abs() < 1e-5);
}

#[test]
fn every_size_has_its_pixels_where_the_picture_has_them() {
    let octaves = Octaves::new(ramp(40, 32), 8);
    assert_eq!(octaves.planes().len(), 3);
    let mut out = vec![0.0; 25];
    for octave in 0..3 {
        let grid = Grid { octave, ..Grid::over(&Crop::upright([20.0, 15.0], 8.0), 5) };
        octaves.sample(&grid, 5, &mut out);
        assert!((out[12] - level(20.0, 15.0)).abs() < 1e-5, "{octave}: {}", out[12]);
        assert!((out[14] - level(23.2, 15.0)).abs() < 1e-5, "{octave}: {}", out[14]);
    }
    let resized = ramp(40, 32).resized(20, 16);
    assert!((resized.values()[0] - level(0.5, 0.5)).abs() < 1e-6);
}

#[test]
fn a_turned_grid_reads_a_turned_picture() {
    let octaves = Octaves::new(ramp(40, 32), 32);
    let crop = Crop { centre: [20.0, 15.0], side: 10.0, roll: std::f64::consts::FRAC_PI_2 };
    let mut out = vec![0.0; 9];
    octaves.sample(&Grid::over(&crop, 3), 3, &mut out);
    // A quarter to the right: along a row of samples it goes down on the picture.
    let step = 10.0 / 3.0;
    assert!((out[5] - level(20.0, 15.0 + step)).abs() < 1e-5);
    assert!((out[7] - level(20.0 - step, 15.0)).abs() < 1e-5);
}

#[test]
fn beyond_edges_and_bounds_the_nearest_value_goes_on() {
    let octaves = Octaves::new(ramp(16, 16), 16);
    let mut out = vec![0.0; 9];
    octaves.sample(&Grid::over(&Crop::upright([0.0, 0.0], 30.0), 3), 3, &mut out);
    assert_eq!(out[0], 0.0);
    let grid = Grid::over(&Crop::upright([8.0, 8.0], 12.0), 3);
    let bounds = Some([7.0, 7.0, 9.0, 9.0]);
    octaves.sample(&Grid { bounds, ..grid }, 3, &mut out);
    assert!((out[0] - level(7.0, 7.0)).abs() < 1e-6 && (out[8] - level(9.0, 9.0)).abs() < 1e-6);

    let padded = ramp(16, 16).padded(3);
    assert_eq!((padded.width(), padded.height()), (22, 22));
    assert_eq!((padded.values()[0], padded.values()[3 * 22 + 3]), (0.0, 0.0));
    assert_eq!(padded.values()[21], level(15.0, 0.0));
}
