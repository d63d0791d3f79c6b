use super::*;

#[test]
fn reads_the_hash_from_a_name() {
    let hash = |name: &'static str| hash_in_name(Path::new(name));
    assert_eq!(hash("a/efficientnet_b0_rwightman-7f5810bc.pth"), Some("7f5810bc"));
    assert_eq!(hash("layout_eps1e-5.safetensors"), None);
    assert_eq!(hash("my-finest-weights.pth"), None);
    assert_eq!(hash("weights.pth"), None);
    assert_eq!(hash("7c9e6679-7425-40de-944b-e07fc1f90ae7.safetensors"), None);
    assert_eq!(hash("run-deadbeefcafe.pth"), None);
}

#[test]
fn only_the_name_of_a_known_file_promises_a_hash() {
    let hash = "7f5810bc96def8f7552d5b7e68d53c4786f81167d28291b21c0d90e1fca14934";
    let check =
        |name: &str, hash: &str| check_name(Path::new(name), hash).map_err(|e| e.to_string());
    assert_eq!(check("a/efficientnet_b0_rwightman-7f5810bc.pth", hash), Ok(true));
    let error = check("a/efficientnet_b0_rwightman-7f5810bc.pth", "00c0ffee").unwrap_err();
    assert!(error.contains("starts with 7f5810bc expected"), "{error}");
    for name in [
        "compact-20250131.safetensors",
        "mine-0badc0de.pth",
        "7c9e6679-7425-40de-944b-e07fc1f90ae7.safetensors",
        "efficientnet_b0_rwightman-7f5810bc.safetensors",
        "weights.pth",
    ] {
        assert_eq!(check(name, "00c0ffee"), Ok(false), "{name}");
    }
}
