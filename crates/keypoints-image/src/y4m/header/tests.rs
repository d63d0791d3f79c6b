use super::*;

fn read(text: &str) -> Result<Header, Y4mFault> {
    Header::read(&mut format!("{text}\n").as_bytes())
}

#[test]
fn a_header_of_ffmpeg_is_read() {
    let header =
        "YUV4MPEG2 W641 H361 F30000:1001 Ip A1:1 C420jpeg XYSCSS=420JPEG XCOLORRANGE=LIMITED";
    let header = read(header).unwrap();
    assert_eq!((header.width, header.height, header.full_range), (641, 361, false));
    assert!((header.rate.unwrap() - 29.97).abs() < 0.001);
    assert_eq!((header.chroma(), header.samples()), ([321, 181], 641 * 361 + 2 * 321 * 181));
}

#[test]
fn what_a_header_leaves_out_has_its_usual_value() {
    let header = read("YUV4MPEG2 H2 W4").unwrap();
    assert_eq!((header.rate, header.full_range, header.samples()), (None, false, 12));
    for rate in ["F0:0", "F30", "Fx:1", "F"] {
        assert_eq!(read(&format!("YUV4MPEG2 H2 W4 {rate}")).unwrap().rate, None);
    }
}

#[test]
fn layouts_have_their_samples() {
    for (name, samples) in
        [("420mpeg2", 15 + 2 * 6), ("422", 15 + 2 * 9), ("444", 45), ("mono", 15)]
    {
        assert_eq!(read(&format!("YUV4MPEG2 W5 H3 C{name}")).unwrap().samples(), samples);
    }
}

#[test]
fn the_range_of_values_is_said_or_usual() {
    let full = |rest: &str| read(&format!("YUV4MPEG2 W5 H3 {rest}")).unwrap().full_range;
    assert!(!full("C422") && full("C422 XCOLORRANGE=FULL"));
    assert!(full("Cmono") && !full("Cmono XCOLORRANGE=LIMITED"));
}
