use super::*;

#[test]
fn excerpts_are_short_and_harmless() {
    assert_eq!(excerpt(b"66.03"), "66.03");
    assert_eq!(excerpt(b"\x1b[2Jgone\r"), "\\u{1b}[2Jgone\\r");
    assert_eq!(excerpt(b"a\xffb"), "a\u{fffd}b");
    assert_eq!(excerpt("ä".repeat(40).as_bytes()), "ä".repeat(40));
    assert_eq!(excerpt("ä".repeat(41).as_bytes()), "ä".repeat(40) + "…");
    assert_eq!(excerpt(&vec![b'x'; 1 << 20]).chars().count(), 41);
}
