//! Ways between folders.

use super::*;

#[test]
fn ways_lead_where_they_should() {
    let place = tempfile::tempdir().unwrap();
    let folder = |name: &str| {
        let path = place.path().join(name);
        fs::create_dir_all(&path).unwrap();
        path
    };
    let (a, b, deep) = (folder("a"), folder("b"), folder("a/x/y"));
    assert_eq!(relative(&a, &b).unwrap(), Path::new("../b"));
    assert_eq!(relative(&deep, &b).unwrap(), Path::new("../../../b"));
    assert_eq!(relative(&a, &deep).unwrap(), Path::new("x/y"));
    let error = relative(&a, &place.path().join("none")).unwrap_err().to_string();
    assert!(error.contains("none"), "{error}");
}
