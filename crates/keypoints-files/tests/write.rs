//! What stands at a path afterwards.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::fs;
use std::io;

use keypoints_files::{create_with, is_same_file, refuse_inputs, write, write_with};

#[test]
fn files_are_replaced_whole_and_nothing_is_left_beside_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    write(&path, b"old and long").unwrap();
    write(&path, b"new").unwrap();
    assert_eq!(fs::read(&path).unwrap(), b"new");
    let failed = write_with(&path, |to| {
        to.write_all(b"half")?;
        Err(io::Error::other("full"))
    });
    assert_eq!(failed.unwrap_err().to_string(), "full");
    assert_eq!(fs::read(&path).unwrap(), b"new");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);

    let taken = create_with(&path, |to| to.write_all(b"other")).unwrap_err();
    assert_eq!(taken.kind(), io::ErrorKind::AlreadyExists);
    assert_eq!(fs::read(&path).unwrap(), b"new");
    create_with(&folder.path().join("second"), |to| to.write_all(b"2")).unwrap();

    assert!(write(folder.path(), b"x").is_err());
    assert!(write(&folder.path().join("no folder").join("file"), b"x").is_err());
}

#[test]
fn an_input_is_told_under_any_name() {
    let folder = tempfile::tempdir().unwrap();
    let [input, other] = ["input", "other"].map(|name| folder.path().join(name));
    fs::write(&input, "x").unwrap();
    assert!(refuse_inputs(&other, [&input]).is_ok());
    fs::write(&other, "x").unwrap();
    assert!(refuse_inputs(&other, [&input]).is_ok());
    let error = refuse_inputs(&input, [&other, &input]).unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::InvalidInput);
    assert!(
        error
            .to_string()
            .ends_with("input: this is an input of the same command; write to another place")
    );
    assert!(is_same_file(folder.path(), &folder.path().join(".")));
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
    use std::path::Path;
    use std::process::Command;
    use std::thread;

    use super::*;

    #[test]
    fn a_pipe_is_written_into_and_stays_a_pipe() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let link = folder.path().join("link");
        symlink("pipe", &link).unwrap();
        let long = vec![b'x'; 3 << 20];
        for path in [&pipe, &link] {
            let from = pipe.clone();
            let reader = thread::spawn(move || fs::read(from).unwrap());
            write(path, &long).unwrap();
            assert!(reader.join().unwrap() == long);
            let from = pipe.clone();
            let reader = thread::spawn(move || fs::read(from).unwrap());
            write_with(path, |to| write!(to, "some text")).unwrap();
            assert_eq!(reader.join().unwrap(), b"some text");
        }
        assert!(fs::metadata(&pipe).unwrap().file_type().is_fifo());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
        assert!(!is_same_file(&pipe, &pipe));
    }

    #[test]
    fn devices_stay_devices() {
        // Some containers have a plain file there.
        let null = Path::new("/dev/null");
        let before = fs::metadata(null).unwrap().file_type();
        write(null, b"gone").unwrap();
        assert_eq!(fs::metadata(null).unwrap().file_type(), before);
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        symlink(null, &link).unwrap();
        write(&link, b"gone").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn links_are_followed_and_stay() {
        let folder = tempfile::tempdir().unwrap();
        let [target, link, second] =
            ["target", "link", "second"].map(|name| folder.path().join(name));
        fs::create_dir(folder.path().join("below")).unwrap();
        symlink("target", &link).unwrap();
        symlink("../link", folder.path().join("below/link")).unwrap();
        symlink("below/link", &second).unwrap();
        // First the target is missing, then it is there.
        for contents in ["one", "two"] {
            write(&second, contents.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&target).unwrap(), contents);
        }
        assert!(fs::symlink_metadata(&second).unwrap().is_symlink());
        assert!(fs::symlink_metadata(&target).unwrap().is_file());
        assert!(refuse_inputs(&second, [&target]).is_err());
        fs::hard_link(&target, folder.path().join("hard")).unwrap();
        assert!(refuse_inputs(&folder.path().join("hard"), [&second]).is_err());

        let circle = folder.path().join("circle");
        symlink("circle", &circle).unwrap();
        assert!(write(&circle, b"x").is_err());
    }

    #[test]
    fn a_file_is_as_readable_as_any_other() {
        let folder = tempfile::tempdir().unwrap();
        let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
        write(&one, b"x").unwrap();
        fs::write(&other, "x").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&one), mode(&other));
    }
}
