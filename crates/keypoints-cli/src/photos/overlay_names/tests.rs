use super::*;

fn names(folder: &Path, photos: &[PathBuf]) -> Vec<String> {
    let mut names = OverlayNames::new(folder, photos);
    let name = |path: PathBuf| path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
    photos.iter().map(|photo| name(names.next(photo))).collect()
}

#[test]
fn no_name_comes_twice() {
    let photos = ["a/x.jpg", "b/x.JPEG", "x-2.jpg", "c/X.jpg", "x.png", "x", "d/x.jpg", "x-2.jpg"];
    let found = names(Path::new("nowhere"), &photos.map(PathBuf::from));
    let expected = [
        "x_keypoints.jpg",
        "x-2_keypoints.jpg",
        "x-2-2_keypoints.jpg",
        "X-3_keypoints.jpg",
        "x_keypoints.png",
        "x-2_keypoints.png",
        "x-4_keypoints.jpg",
        "x-2-3_keypoints.jpg",
    ];
    assert_eq!(found, expected);
}

#[test]
fn a_photo_is_never_written_over() {
    let folder = tempfile::tempdir().unwrap();
    let photo = folder.path().join("a_keypoints.jpg");
    std::fs::write(&photo, "a photo").unwrap();
    std::fs::write(folder.path().join("b_keypoints.jpg"), "an overlay of an earlier call").unwrap();
    let photos = [PathBuf::from("a.jpg"), "b.jpg".into(), photo, "a.jpg".into()];
    let found = names(folder.path(), &photos);
    let expected =
        ["a-2_keypoints.jpg", "b_keypoints.jpg", "a_keypoints_keypoints.jpg", "a-3_keypoints.jpg"];
    assert_eq!(found, expected);
}
