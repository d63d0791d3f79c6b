use super::*;

fn parse(text: &str) -> Result<[u8; PIXELS], PixelFault> {
    let mut out = [0; PIXELS];
    parse_pixels(text.as_bytes(), &mut out).map(|()| out)
}

/// An image of the values 0 to 255 over and over, with one token replaced.
fn image_with(index: usize, token: &str) -> String {
    let mut tokens: Vec<String> = (0..PIXELS).map(|index| (index % 256).to_string()).collect();
    tokens[index] = token.to_owned();
    tokens.join(" ")
}

#[test]
fn every_value_reads_back_at_every_kind_of_place() {
    for place in [0, 1, 4000, PIXELS - 2, PIXELS - 1] {
        for value in 0..=255_u8 {
            let face = parse(&image_with(place, &value.to_string())).unwrap();
            assert_eq!(face[place], value);
            assert!((0..PIXELS).all(|i| i == place || usize::from(face[i]) == i % 256));
        }
    }
    assert_eq!(parse(&image_with(5, "007")).unwrap()[5], 7);
}

#[test]
fn a_bad_token_is_named_with_its_place() {
    for place in [0, 1, 4000, PIXELS - 2, PIXELS - 1] {
        for token in ["256", "999", "1000", "0007", "-1", "+1", "1.0", "x", "", "1\t2", "é"] {
            let fault = parse(&image_with(place, token)).unwrap_err();
            let found = token.replace('\t', "\\t");
            assert_eq!(fault, PixelFault::Value { pixel: place + 1, found });
        }
    }
}

#[test]
fn a_wrong_number_of_pixels_is_counted() {
    assert_eq!(parse(""), Err(PixelFault::Count { found: 0 }));
    assert_eq!(parse("1 2 3"), Err(PixelFault::Count { found: 3 }));
    for found in [1, PIXELS - 1, PIXELS + 1, 2 * PIXELS] {
        assert_eq!(parse(&vec!["12"; found].join(" ")), Err(PixelFault::Count { found }));
    }
}

#[test]
fn a_stray_space_is_an_empty_pixel() {
    let good = image_with(0, "0");
    let empty = |pixel| Err(PixelFault::Value { pixel, found: String::new() });
    assert_eq!(parse(&format!(" {good}")), empty(1));
    assert_eq!(parse(&format!("{good} ")), empty(PIXELS + 1));
    assert_eq!(parse(&good.replacen("3 4", "3  4", 1)), empty(5));
    assert_eq!(parse(" "), empty(1));
}
