use super::*;

#[test]
fn replaces_or_leaves_alone() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    write_atomically(&path, b"old").unwrap();
    write_atomically(&path, b"new").unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"new");
    // A folder stands in the way: an error, and no draft left behind.
    let taken = folder.path().join("taken");
    std::fs::create_dir_all(taken.join("full")).unwrap();
    assert!(write_atomically(&taken, b"new").is_err());
    assert!(taken.join("full").is_dir());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
}
