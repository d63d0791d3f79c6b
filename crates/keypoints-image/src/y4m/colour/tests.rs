use super::*;

#[test]
fn colours_of_the_limited_range() {
    let limited = Conversion::of(false);
    // Black, white, grey, and beyond the ends.
    for (luma, value) in [(16, 0), (235, 255), (126, 128), (0, 0), (255, 255)] {
        assert_eq!(limited.colour(luma, 128, 128), [value; 3]);
        assert_eq!(limited.grey(luma), value);
    }
    // Red is 16 + 219 · 0.299, 128 − 224 · 0.299 / 1.772, 128 + 112; green and blue likewise.
    for (samples, colour) in
        [([81, 90, 240], [254, 0, 0]), ([145, 54, 34], [0, 255, 1]), ([41, 240, 110], [0, 0, 255])]
    {
        let [luma, blue, red] = samples;
        let found = limited.colour(luma, blue, red);
        let close = found.iter().zip(colour).all(|(one, other)| one.abs_diff(other) <= 1);
        assert!(close, "{samples:?} is {found:?}");
    }
}

#[test]
fn colours_of_the_full_range() {
    let full = Conversion::of(true);
    for luma in [0, 77, 255] {
        assert_eq!((full.colour(luma, 128, 128), full.grey(luma)), ([luma; 3], luma));
    }
    let [red, green, blue] = full.colour(76, 85, 255);
    assert!(red >= 253 && green <= 1 && blue <= 1, "{red} {green} {blue}");
}
