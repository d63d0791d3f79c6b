use super::*;

fn file(json: &str) -> Vec<u8> {
    [&(json.len() as u64).to_le_bytes(), json.as_bytes(), &[0; 4]].concat()
}

#[test]
fn reads_its_key_and_says_what_is_wrong() {
    let tensor = r#""w": { "dtype": "F16", "shape": [2], "data_offsets": [0, 4] }"#;
    let whole = file(&format!(r#"{{ "__metadata__": {{ "a": "b" }}, {tensor} }}"#));
    assert_eq!(metadata(&whole, "a").unwrap(), "b");
    assert!(metadata(&whole, "c").unwrap_err().contains("no `c`"));
    assert!(metadata(&file(&format!("{{ {tensor} }}")), "a").unwrap_err().contains("no `a`"));
    assert!(metadata(&whole[..30], "a").unwrap_err().contains("cut off"));
    assert!(metadata(&whole[..5], "a").unwrap_err().contains("less than eight"));
    assert!(metadata(b"PK\x03\x04 a zip file", "a").unwrap_err().contains("begin"));
    assert!(metadata(&file("[1, 2"), "a").unwrap_err().contains("begin"));
}
