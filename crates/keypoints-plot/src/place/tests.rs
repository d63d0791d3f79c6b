use super::*;
use crate::area::px;

#[test]
fn the_first_pixel_of_a_doubled_picture_has_its_centre_one_pixel_from_the_corner() {
    for side in [96, 64] {
        let pixels = vec![0; side * side];
        let picture = Picture::grey(&pixels, side as u32, side as u32).unwrap();
        let length = 2 * side as u32;
        let placed = Placed { picture, left: 10, top: 20, width: length, height: length };
        let units = |x, y| placed.units(Point { x, y });
        let edge = side as f32 - 0.5;
        assert_eq!(units(0.0, 0.0), Some((px(11), px(21))));
        assert_eq!(units(edge, 0.25), Some((px(10 + length as i32), px(21) + px(1) / 2)));
        assert_eq!(units(-20.0, 0.0), None);
        assert_eq!(units(0.0, 120.0), None);
        assert_eq!(units(f32::NAN, 1.0), None);
        assert_eq!(units(1.0, f32::INFINITY), None);
    }
}
