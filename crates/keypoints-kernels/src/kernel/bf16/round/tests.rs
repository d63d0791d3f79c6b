use super::round;

#[test]
fn ties_go_to_even() {
    let rounded = |bits: u32| u32::from(round(f32::from_bits(bits))) << 16;
    for (bits, expected) in [
        (0x3f80_0000, 0x3f80_0000),
        (0x3f80_7fff, 0x3f80_0000),
        (0x3f80_8000, 0x3f80_0000),
        (0x3f80_8001, 0x3f81_0000),
        (0x3f81_8000, 0x3f82_0000),
        (0xbf81_8000, 0xbf82_0000),
        // The largest number is nearer to infinity than to the largest bf16.
        (0x7f7f_ffff, 0x7f80_0000),
        (0xff80_0000, 0xff80_0000),
    ] {
        assert_eq!(rounded(bits), expected, "{bits:#x}");
    }
    assert!(f32::from_bits(rounded(0x7f80_0001)).is_nan());
}
