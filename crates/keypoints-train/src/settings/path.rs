//! Dotted paths into JSON: `optimizer.beta_1`, `network.channels.0`.

use serde::Serialize;
use serde_json::Value;

use super::error::SettingsError;

/// The value at a path.
pub(super) fn get<'a>(root: &'a Value, path: &str) -> Result<&'a Value, SettingsError> {
    let mut value = root;
    let mut parent = String::new();
    for name in path.split('.') {
        let next = match value {
            Value::Object(fields) => fields.get(name),
            Value::Array(entries) => name.parse().ok().and_then(|index: usize| entries.get(index)),
            _ => None,
        };
        value = next.ok_or_else(|| SettingsError::UnknownPath {
            field: path.to_owned(),
            parent: parent.clone(),
            name: name.to_owned(),
            known: steps(value),
        })?;
        parent = join(&parent, name);
    }
    Ok(value)
}

/// Replaces the value at a path that exists; nothing happens where it does not.
pub(super) fn set(root: &mut Value, path: &str, new: Value) {
    let mut place = Some(root);
    for name in path.split('.') {
        place = match place {
            Some(Value::Object(fields)) => fields.get_mut(name),
            Some(Value::Array(entries)) => {
                name.parse().ok().and_then(|index: usize| entries.get_mut(index))
            }
            _ => None,
        };
    }
    if let Some(place) = place {
        *place = new;
    }
}

/// The first field of `given` that `kept` does not have. Serde skips unknown fields of nested values in
/// silence, and a setting with a typo would then be a setting that does nothing.
pub(super) fn first_lost(given: &Value, kept: &Value, at: &str) -> Result<(), SettingsError> {
    let (given, fields) = match (given, kept) {
        (Value::Object(given), Value::Object(fields)) => (given, fields),
        (Value::Array(given), Value::Array(kept)) => {
            let mut pairs = given.iter().zip(kept).enumerate();
            return pairs.try_for_each(|(index, (given, kept))| {
                first_lost(given, kept, &join(at, &index.to_string()))
            });
        }
        // Serde takes a list for the fields in their order, whatever that is.
        (Value::Array(_), Value::Object(fields)) => {
            let known: Vec<&str> = fields.keys().map(String::as_str).collect();
            let problem =
                format!("expected an object with any of {}, found {given}", known.join(", "));
            return Err(SettingsError::BadField { field: at.to_owned(), problem });
        }
        _ => return Ok(()),
    };
    for (name, value) in given {
        let here = join(at, name);
        let kept = fields.get(name).ok_or_else(|| SettingsError::UnknownPath {
            field: here.clone(),
            parent: at.to_owned(),
            name: name.clone(),
            known: fields.keys().cloned().collect(),
        })?;
        first_lost(value, kept, &here)?;
    }
    Ok(())
}

/// Returns the JSON of settings.
pub fn to_json<T: Serialize>(settings: &T) -> Value {
    // Settings have texts for keys and do not fail.
    serde_json::to_value(settings).unwrap_or_default()
}

/// Returns the first path at which two values differ, with both values; a field that one side lacks is null there.
pub fn first_difference(a: &Value, b: &Value, at: &str) -> Option<(String, Value, Value)> {
    if a == b {
        return None;
    }
    if let (Value::Object(a), Value::Object(b)) = (a, b) {
        let names = a.keys().chain(b.keys().filter(|name| !a.contains_key(*name)));
        return names
            .filter_map(|name| {
                let side = |fields: &serde_json::Map<String, Value>| {
                    fields.get(name).cloned().unwrap_or_default()
                };
                first_difference(&side(a), &side(b), &join(at, name))
            })
            .next();
    }
    Some((at.to_owned(), a.clone(), b.clone()))
}

/// `outer.inner`, or `inner` at the top.
pub(super) fn join(outer: &str, inner: &str) -> String {
    if outer.is_empty() { inner.to_owned() } else { format!("{outer}.{inner}") }
}

/// The steps that lead on from a value.
fn steps(value: &Value) -> Vec<String> {
    match value {
        Value::Object(fields) => fields.keys().cloned().collect(),
        Value::Array(entries) => (0..entries.len()).map(|index| index.to_string()).collect(),
        _ => Vec::new(),
    }
}
