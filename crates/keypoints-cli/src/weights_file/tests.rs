use super::*;

#[test]
#[cfg(not(feature = "download"))]
fn a_build_that_cannot_fetch_says_so() {
    let error = weights_file(Path::new("imagenet")).unwrap_err().to_string();
    assert!(error.contains("--features download") && error.contains("--weights PATH"), "{error}");
}
