use super::*;
use serde_json::json;

#[test]
fn field_by_field_within_a_kind() {
    let mut settings = json!({ "a": { "kind": "x", "b": 1, "c": [1, 2] }, "d": null });
    merge(&mut settings, json!({ "a": { "c": [3] }, "d": { "e": 4 } }));
    assert_eq!(settings, json!({ "a": { "kind": "x", "b": 1, "c": [3] }, "d": { "e": 4 } }));
    merge(&mut settings, json!({ "a": { "kind": "x", "b": 2 } }));
    assert_eq!(settings["a"], json!({ "kind": "x", "b": 2, "c": [3] }));
    merge(&mut settings, json!({ "a": { "kind": "y" } }));
    assert_eq!(settings["a"], json!({ "kind": "y" }));
    merge(&mut settings, json!({ "a": null }));
    assert_eq!(settings["a"], Value::Null);
}
