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
        for token in [
            "256", "999", "1000", "0007", "-1", "+1", "1.5", "1.0e1", "x", ".", "[1", "1\u{1}2",
            "é",
        ] {
            let fault = parse(&image_with(place, token)).unwrap_err();
            let found = token.replace('\u{1}', "\\u{1}");
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
fn other_programs_put_spaces_commas_brackets_and_points() {
    let good = image_with(0, "0");
    let face = parse(&good).unwrap();
    let rows: Vec<&[u8]> = face.chunks(96).collect();
    for text in [
        format!(" {good}"),
        format!("{good} "),
        format!("{good}\t\r"),
        good.replacen("3 4", "3   4", 1),
        good.replace(' ', ","),
        good.replace(' ', ", "),
        format!("[{}]", good.replace(' ', ", ")),
        format!("[ {}]", good.replace(' ', "  ")),
        format!("{rows:?}"),
        format!("[{}.]", good.replace(' ', ". ")),
        good.replace(' ', ".0 ") + ".00",
    ] {
        assert_eq!(parse(&text), Ok(face), "{}", &text[..40]);
    }
    assert_eq!(parse(" "), Err(PixelFault::Count { found: 0 }));
    assert_eq!(parse(&good.replacen("3 4", "34", 1)), Err(PixelFault::Count { found: PIXELS - 1 }));
    // A bracket is a bracket in pairs only.
    assert!(matches!(parse(&format!("[{good}")), Err(PixelFault::Value { pixel: 1, .. })));
}

#[test]
fn a_picture_that_was_cut_says_by_what() {
    for (text, found) in [
        ("[238 236 237 ...  72  72  73]", 3),
        ("[238. 236. ... 72.]", 2),
        ("238 236 2...", 2),
        ("[238, 236, ...]", 2),
    ] {
        assert_eq!(parse(text), Err(PixelFault::Printed { found }), "{text}");
    }
    let long = vec!["255"; PIXELS].join(" ");
    let fault = parse(&long[..32_767]).unwrap_err();
    assert_eq!(fault, PixelFault::CutBySpreadsheet { found: 8192 });
    assert!(fault.to_string().contains("spreadsheet"), "{fault}");
    // As long by chance.
    let mut tokens = vec!["255"; PIXELS];
    tokens[..(long.len() - 32_767) / 2].fill("1");
    assert_eq!(tokens.join(" ").len(), 32_767);
    assert!(parse(&tokens.join(" ")).is_ok());
}
