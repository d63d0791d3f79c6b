use std::fs;

use super::*;

/// A folder with empty files of these names, and how a file is called in it.
fn folder_of(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in names {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    folder
}

fn names(folder: &Path, arguments: &[&str], overlays: Option<&str>) -> (Vec<String>, usize) {
    let arguments: Vec<PathBuf> = arguments.iter().map(|one| folder.join(one)).collect();
    let overlays = overlays.map(|one| folder.join(one));
    let found = find_pictures(&arguments, overlays.as_deref()).unwrap();
    let name = |path: &PathBuf| {
        let name = path.strip_prefix(folder).unwrap().to_str().unwrap();
        name.replace(std::path::MAIN_SEPARATOR, "/")
    };
    (found.files.iter().map(name).collect(), found.missing)
}

const TREE: [&str; 10] = [
    "b/2.JPG",
    "b/1.png",
    "b/notes.txt",
    "b/.hidden.jpg",
    "b/.cache/3.jpg",
    "b/a/deep/4.webp",
    "a.jpg",
    "list.csv",
    "out/a_keypoints.jpg",
    "empty/notes.txt",
];

#[test]
fn folders_are_walked_and_files_taken_as_they_are() {
    let folder = folder_of(&TREE);
    let (found, missing) = names(folder.path(), &["list.csv", "b", "a.jpg", "nowhere.jpg"], None);
    assert_eq!(
        found,
        ["list.csv", "b/1.png", "b/2.JPG", "b/a/deep/4.webp", "a.jpg", "nowhere.jpg"]
    );
    assert_eq!(missing, 0);
    // Named by itself a hidden folder is searched.
    assert_eq!(names(folder.path(), &["b/.cache"], None).0, ["b/.cache/3.jpg"]);
    assert_eq!(names(folder.path(), &["empty", "a.jpg"], None), (vec!["a.jpg".into()], 1));
}

#[test]
fn patterns_match_as_in_a_shell() {
    let folder = folder_of(&TREE);
    let of = |pattern| names(folder.path(), &[pattern], None);
    assert_eq!(of("*.jpg"), (vec!["a.jpg".into()], 0));
    assert_eq!(of("b/?.*").0, ["b/1.png", "b/2.JPG"]);
    assert_eq!(of("b/[1-9].png").0, ["b/1.png"]);
    assert_eq!(of("**/deep").0, ["b/a/deep/4.webp"]);
    assert_eq!(of("*.tiff"), (Vec::new(), 1));
    assert_eq!(of("a[.jpg"), (Vec::new(), 1));
    // A file may be called so.
    fs::write(folder.path().join("c[1].jpg"), "").unwrap();
    assert_eq!(of("c[1].jpg"), (vec!["c[1].jpg".into()], 0));
}

#[test]
fn overlays_are_no_photos() {
    let folder = folder_of(&TREE);
    let root = std::slice::from_ref(&"");
    let all = names(folder.path(), root, None).0;
    assert!(all.contains(&"out/a_keypoints.jpg".to_owned()), "{all:?}");
    let photos = names(folder.path(), root, Some("out")).0;
    assert_eq!(photos.len(), all.len() - 1);
    let out = folder.path().join("out");
    let refused = find_pictures(std::slice::from_ref(&out), Some(&out)).unwrap_err();
    assert!(refused.to_string().contains("name another folder"));
}

#[cfg(unix)]
#[test]
fn links_are_followed_and_circles_left() {
    use std::os::unix::fs::symlink;

    let folder = folder_of(&["photos/1.jpg", "elsewhere/2.jpg"]);
    let photos = folder.path().join("photos");
    symlink(folder.path().join("elsewhere"), photos.join("more")).unwrap();
    symlink(&photos, photos.join("round")).unwrap();
    symlink("nowhere", photos.join("gone.jpg")).unwrap();
    let found = names(folder.path(), &["photos"], None);
    assert_eq!(found, (vec!["photos/1.jpg".into(), "photos/more/2.jpg".into()], 1));
}
