use super::*;

#[test]
fn the_contents_say_what_a_file_is() {
    assert_eq!(kind_of(b"\x89PNG\r\n\x1a\nrest"), Some(PNG));
    assert_eq!(kind_of(b"\xff\xd8\xff\xe0rest"), Some(JPEG));
    let declared = "\u{feff}<?xml version=\"1.0\"?>\n<!-- a --><!DOCTYPE svg>\n<svg\nwidth=\"1\"/>";
    for svg in ["<svg>", "<svg/>", "  <svg width='1'>", declared] {
        assert_eq!(kind_of(svg.as_bytes()), Some(SVG), "{svg}");
    }
    for other in
        ["", "<svgs>", "<svg", "<!-- <svg>", "<html><svg>", "GIF89a", "a <svg>", "\u{7f}PNG"]
    {
        assert_eq!(kind_of(other.as_bytes()), None, "{other}");
    }
    assert_eq!(kind_of(b"<svg \xff>"), None);
}
