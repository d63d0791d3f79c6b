//! The head of a safetensors file.

use std::collections::HashMap;

use serde::Deserialize;

/// No network here has as many tensors as would need a longer head than this.
const LONGEST: u64 = 1 << 20;

/// The head's one entry that is not a tensor.
#[derive(Deserialize)]
struct Header {
    #[serde(rename = "__metadata__", default)]
    metadata: HashMap<String, String>,
}

/// The value of a key in the file's metadata. The error says what is wrong with the file.
pub(super) fn metadata(bytes: &[u8], key: &str) -> Result<String, String> {
    // Eight bytes: the length of the JSON after them.
    let (length, rest) = bytes.split_first_chunk().ok_or("it has less than eight bytes")?;
    let length = u64::from_le_bytes(*length);
    if length > LONGEST {
        return Err("it does not begin as safetensors files do".to_owned());
    }
    let json = usize::try_from(length).ok().and_then(|length| rest.get(..length));
    let json = json.ok_or("it is cut off")?;
    let mut header: Header =
        serde_json::from_slice(json).map_err(|_| "it does not begin as safetensors files do")?;
    header.metadata.remove(key).ok_or_else(|| format!("its metadata has no `{key}`"))
}

#[cfg(test)]
mod tests {
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
}
