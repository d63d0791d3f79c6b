use super::*;

#[test]
fn scales_as_torchvision_does() {
    // `_make_divisible(channels * width, 8)` of torchvision 0.29.
    let cases = [(32, 0.25, 8), (24, 0.25, 8), (40, 0.25, 16), (80, 0.25, 24), (320, 1.4, 448)];
    for (channels, width, expected) in cases {
        assert_eq!(scaled_channels(channels, width), expected, "{channels} {width}");
    }
    assert_eq!([1, 2, 3, 4].map(|n| scaled_blocks(n, 1.1)), [2, 3, 4, 5]);
    assert_eq!(scaled_blocks(3, 1.0), 3);
}
