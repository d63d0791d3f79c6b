//! Dotted paths into JSON: `optimizer.beta_1`, `network.channels.0`.

use serde_json::Value;

use super::error::SweepError;

/// The value at a path.
pub(super) fn get<'a>(root: &'a Value, path: &str) -> Result<&'a Value, SweepError> {
    let mut value = root;
    let mut parent = String::new();
    for name in path.split('.') {
        let next = match value {
            Value::Object(fields) => fields.get(name),
            Value::Array(entries) => name.parse().ok().and_then(|index: usize| entries.get(index)),
            _ => None,
        };
        value = next.ok_or_else(|| SweepError::UnknownPath {
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
pub(crate) fn first_lost(given: &Value, kept: &Value, at: &str) -> Result<(), SweepError> {
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
            return Err(SweepError::BadField { field: at.to_owned(), problem });
        }
        _ => return Ok(()),
    };
    for (name, value) in given {
        let here = join(at, name);
        let kept = fields.get(name).ok_or_else(|| SweepError::UnknownPath {
            field: here.clone(),
            parent: at.to_owned(),
            name: name.clone(),
            known: fields.keys().cloned().collect(),
        })?;
        first_lost(value, kept, &here)?;
    }
    Ok(())
}

/// The first path at which two values differ, with both values; a field that one side lacks is null there.
pub(super) fn first_difference(a: &Value, b: &Value, at: &str) -> Option<(String, Value, Value)> {
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
pub(crate) fn join(outer: &str, inner: &str) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn reads_and_replaces() {
        let mut root = json!({ "a": { "b": [1, 2], "c": null }, "d": 3 });
        assert_eq!(get(&root, "d").unwrap(), &json!(3));
        assert_eq!(get(&root, "a.b.1").unwrap(), &json!(2));
        set(&mut root, "a.b.1", json!(7));
        set(&mut root, "a.c", json!("x"));
        set(&mut root, "a.nowhere.x", json!(1));
        assert_eq!(root, json!({ "a": { "b": [1, 7], "c": "x" }, "d": 3 }));
    }

    #[test]
    fn says_where_a_path_ends() {
        let root = json!({ "a": { "b": [1, 2], "c": null } });
        let text = |path| get(&root, path).unwrap_err().to_string();
        assert_eq!(text("x"), "`x`: the config has no `x`; it has a");
        assert_eq!(text("a.x"), "`a.x`: `a` has no `x`; it has b, c");
        assert_eq!(text("a.b.2"), "`a.b.2`: `a.b` has no `2`; it has 0, 1");
        assert_eq!(text("a.c.d"), "`a.c.d`: `a.c` has no `d`; it has no fields");
        assert_eq!(text(""), "``: the config has no ``; it has a");
    }

    #[test]
    fn finds_what_was_lost_and_what_differs() {
        let kept = json!({ "a": { "b": 1, "c": 2 } });
        assert!(first_lost(&json!({ "a": { "b": 5 } }), &kept, "").is_ok());
        let lost = first_lost(&json!({ "a": { "d": 5 } }), &kept, "base").unwrap_err();
        assert_eq!(lost.to_string(), "`base.a.d`: `base.a` has no `d`; it has b, c");
        let kept_list = json!({ "list": [{ "b": 1 }, { "b": 2 }] });
        let lost = first_lost(&json!({ "list": [{ "b": 1 }, { "d": 2 }] }), &kept_list, "");
        assert_eq!(lost.unwrap_err().to_string(), "`list.1.d`: `list.1` has no `d`; it has b");
        let list = first_lost(&json!({ "a": [1, 2] }), &kept, "").unwrap_err().to_string();
        assert_eq!(list, "`a`: expected an object with any of b, c, found [1,2]");

        assert_eq!(first_difference(&kept, &kept, ""), None);
        let other = json!({ "a": { "b": 1, "c": 3 } });
        let difference = first_difference(&kept, &other, "").unwrap();
        assert_eq!(difference, ("a.c".to_owned(), json!(2), json!(3)));
        let missing = first_difference(&json!({}), &json!({ "x": 1 }), "").unwrap();
        assert_eq!(missing, ("x".to_owned(), Value::Null, json!(1)));
    }
}
