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
mod tests;
