//! JSON over JSON.

use serde_json::{Map, Value};

/// Fields whose text says which of several kinds of settings an object holds.
const KINDS: [&str; 4] = ["kind", "network", "strategy", "imputer"];

/// Puts changes over settings, field by field; settings of another kind take the others' place as a whole.
pub(super) fn merge(settings: &mut Value, changes: Value) {
    match (settings, changes) {
        (Value::Object(fields), Value::Object(changes)) if same_kind(fields, &changes) => {
            for (name, value) in changes {
                merge(fields.entry(name).or_insert(Value::Null), value);
            }
        }
        (settings, changes) => *settings = changes,
    }
}

/// Whether the changes name no kind but that of the settings.
fn same_kind(settings: &Map<String, Value>, changes: &Map<String, Value>) -> bool {
    KINDS.iter().all(|&name| match changes.get(name) {
        Some(kind @ Value::String(_)) => settings.get(name) == Some(kind),
        _ => true,
    })
}

#[cfg(test)]
mod tests;
