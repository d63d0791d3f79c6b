use clap::Parser;

use super::*;

#[derive(Parser)]
struct Args {
    #[command(flatten)]
    data: DataArgs,
}

fn args(folder: &Path) -> DataArgs {
    Args::parse_from(["test", "--data", &folder.display().to_string()]).data
}

#[test]
fn files_one_or_two_folders_deeper_are_named() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(folder_below(folder.path()), None);
    let synthetic = folder.path().join(SYNTHETIC);
    std::fs::create_dir(&synthetic).unwrap();
    std::fs::write(synthetic.join("training.csv"), "").unwrap();
    assert_eq!(folder_below(folder.path()), None);

    let deep = folder.path().join("b/facial-keypoints-detection");
    std::fs::create_dir_all(&deep).unwrap();
    std::fs::write(deep.join("IdLookupTable.csv"), "").unwrap();
    let said = |folder: &Path| args(folder).open().map(|_| ()).unwrap_err().to_string();
    let name = deep.display();
    assert!(said(folder.path()).ends_with(&format!("but in {name}: --data {name}")));
    assert!(args(&deep).open_real().is_ok());
}

#[test]
fn no_verdict_comes_from_synthetic_faces_that_nobody_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = args(folder.path()).open_real().map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("neither Kaggle's training.csv"), "{error}");
    // The default folder, which the tests' folder does not have.
    let error = Args::parse_from(["test"]).data.open_real().map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("name their folder with --data"), "{error}");
    assert!(!Path::new(DEFAULT_DATA).exists());
}
