use super::*;

#[test]
fn reads_the_hash_from_a_name() {
    let hash = |name: &'static str| hash_in_name(Path::new(name));
    assert_eq!(hash("a/efficientnet_b0_rwightman-7f5810bc.pth"), Some("7f5810bc"));
    assert_eq!(hash("layout_eps1e-5.safetensors"), None);
    assert_eq!(hash("my-finest-weights.pth"), None);
    assert_eq!(hash("weights.pth"), None);
    assert_eq!(hash("compact-20250131.safetensors"), None);
}
