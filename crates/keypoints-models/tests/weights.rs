//! Files of weights: what is read, written and refused.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.
#![cfg(feature = "weights")]

mod common;
#[path = "common/seeded.rs"]
mod seeded;

use std::path::Path;

use burn::tensor::{Device, Distribution, Tensor};
use common::{Golden, fixture, narrow};
use keypoints_models::compact::CompactConfig;
use keypoints_models::efficientnet::EfficientNetConfig;
use keypoints_models::simple_cnn::SimpleCnnConfig;
use keypoints_models::weights::{
    Half, Head, Published, WeightsError, load, save, save_half, sha256,
};
use keypoints_models::{KeypointNetwork, Network, NetworkConfig};
use seeded::seeded;

fn network(config: EfficientNetConfig) -> Network {
    NetworkConfig::EfficientNet(config).init(&Device::flex()).unwrap()
}

fn refused(config: EfficientNetConfig, path: &Path, head: Head) -> String {
    load(network(config), path, head).unwrap_err().to_string()
}

#[test]
fn reads_pytorchs_own_file() {
    let device = Device::flex();
    let config = EfficientNetConfig { stages: 2, ..narrow() };
    let fresh = config.init(&device).unwrap();
    let (network, loaded) = load(fresh, &fixture("shallow_half.pth"), Head::Keep).unwrap();
    assert_eq!(loaded.dropped, [""; 0]);
    assert!(!loaded.verified);
    let golden = Golden::read(&fixture("golden.safetensors"));
    // torchvision got the same halved numbers.
    golden.assert_near("shallow.logits", network.logits(golden.tensor("images", &device)), 1e-5);
}

#[test]
fn another_head_is_put_in_on_purpose_only() {
    let path = fixture("narrow.safetensors");
    let other = EfficientNetConfig { outputs: 30, ..narrow() };
    let error = refused(other.clone(), &path, Head::Keep);
    assert!(
        error.contains("`classifier.1.weight` must have shape [30, 64], but has [6, 64]"),
        "{error}"
    );
    assert!(error.contains("`classifier.1.bias` must have shape [30], but has [6]"), "{error}");

    let head = ["classifier.1.bias", "classifier.1.weight"];
    for (config, how, dropped) in [
        (other.clone(), Head::Replace, 2),
        (other, Head::KeepIfItFits, 2),
        (narrow(), Head::KeepIfItFits, 0),
        (narrow(), Head::Replace, 2),
    ] {
        let (_, loaded) = load(network(config), &path, how).unwrap();
        assert_eq!(loaded.dropped, head[..dropped], "{how:?}");
        assert_eq!(loaded.tensors + dropped, 102);
    }
}

#[test]
fn what_is_wrong_is_named() {
    let _drawing = seeded(1);
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let path = fixture("narrow.safetensors");
    // A stage more: all of the last stage has the wrong number.
    let error = refused(EfficientNetConfig { stages: 4, ..narrow() }, &path, Head::Replace);
    assert!(error.contains("with stages of 1, 2, 2, 3 blocks"), "{error}");
    assert!(error.contains("those of an EfficientNet with stages of 1, 2, 2 blocks"), "{error}");
    let error = refused(EfficientNetConfig { width: 1.0, ..narrow() }, &path, Head::Keep);
    assert!(error.contains("a stem of 32 channels") && error.contains("of 8 channels"), "{error}");

    // Tensors that are not there, not known or misshapen, one of each.
    let text = std::fs::read(&path).unwrap();
    let length = u64::from_le_bytes(text[..8].try_into().unwrap()) as usize;
    let header = String::from_utf8(text[8..8 + length].to_vec()).unwrap();
    let header = header
        .replace("\"features.1.0.block.1.fc1.bias\"", "\"features.1.0.block.1.fc9.bias\"")
        .replace("\"shape\":[8,3,3,3]", "\"shape\":[3,8,3,3]");
    let broken = [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &text[8 + length..]];
    std::fs::write(at("broken.safetensors"), broken.concat()).unwrap();
    let error = refused(narrow(), &at("broken.safetensors"), Head::Keep);
    for part in [
        "broken.safetensors: lacks `features.1.0.block.1.fc1.bias`",
        "has `features.1.0.block.1.fc9.bias`, which the network has not",
        "`features.0.0.weight` must have shape [8, 3, 3, 3], but has [3, 8, 3, 3]",
    ] {
        assert!(error.contains(part), "{error}");
    }

    // The same network with other shapes nearly everywhere: twenty in words, all of them in the error.
    let wider = CompactConfig { outputs: 30, width: 8, ..Default::default() }
        .init(&Device::flex())
        .unwrap();
    save(&wider, &at("wider.safetensors")).unwrap();
    let compact = CompactConfig { outputs: 30, width: 4, ..Default::default() }
        .init(&Device::flex())
        .unwrap();
    let error = load(compact, &at("wider.safetensors"), Head::Keep).unwrap_err();
    let text_of = error.to_string();
    let WeightsError::BadTensors { missing, unknown, misshaped, .. } = error else {
        panic!("{text_of}")
    };
    assert!(missing.is_empty() && unknown.is_empty() && misshaped.len() > 50, "{text_of}");
    assert!(text_of.ends_with(&format!(" and {} more", misshaped.len() - 20)), "{text_of}");

    // Another network altogether.
    let compact = CompactConfig { outputs: 30, width: 4, ..Default::default() }
        .init(&Device::flex())
        .unwrap();
    save(&compact, &at("compact.safetensors")).unwrap();
    let error = refused(narrow(), &at("compact.safetensors"), Head::Replace);
    assert!(error.contains("those of a network with `down.0.0.first"), "{error}");
    let names =
        "0 of 100 names match (file: `down.0.0.first.conv.weight`, network: `features.0.0.weight`)";
    assert!(error.contains(names), "{error}");
    assert!(error.ends_with("; the network `compact` has more of these names"), "{error}");

    // Files that are none.
    std::fs::write(at("half.safetensors"), &text[..text.len() / 2]).unwrap();
    assert!(
        refused(narrow(), &at("half.safetensors"), Head::Keep)
            .contains("a safetensors file expected")
    );
    let pth = std::fs::read(fixture("shallow_half.pth")).unwrap();
    std::fs::write(at("half.pth"), &pth[..pth.len() / 2]).unwrap();
    let error = refused(narrow(), &at("half.pth"), Head::Keep);
    assert!(error.contains("half.pth: a PyTorch file with a state dict expected"), "{error}");
    std::fs::write(at("text.pth"), "no pickle").unwrap();
    let error = refused(narrow(), &at("text.pth"), Head::Keep);
    assert!(error.contains("text.pth: not a file of weights"), "{error}");
    std::fs::create_dir_all(at("published/empty")).unwrap();
    std::fs::write(at("published/config.json"), "{}").unwrap();
    let error = refused(narrow(), &at("published"), Head::Keep);
    assert!(error.ends_with("a folder, without such a file in it"), "{error}");
    std::fs::copy(fixture("narrow.safetensors"), at("published/model.safetensors")).unwrap();
    let error = refused(narrow(), &at("published"), Head::Keep);
    assert!(
        error.contains("name the file in it") && error.ends_with("model.safetensors"),
        "{error}"
    );
    std::fs::copy(fixture("shallow_half.pth"), at("published/weights.bin")).unwrap();
    let error = refused(narrow(), &at("published"), Head::Keep);
    assert!(error.contains("a folder with 2 such files; name one"), "{error}");
    let error = load(network(narrow()), &at("none.pth"), Head::Keep).unwrap_err();
    assert!(matches!(error, WeightsError::Io { action: "read", .. }), "{error}");
}

#[test]
fn a_hash_in_the_name_is_noted() {
    let folder = tempfile::tempdir().unwrap();
    let hash = sha256(&fixture("narrow.safetensors")).unwrap();
    let good = folder.path().join(format!("narrow-{}.safetensors", &hash[..8]));
    std::fs::copy(fixture("narrow.safetensors"), &good).unwrap();
    let (_, loaded) = load(network(narrow()), &good, Head::Keep).unwrap();
    assert!(loaded.verified);
    assert_eq!(loaded.sha256, hash);

    // Only the name of a file that is known promises its hash.
    for name in ["narrow-00c0ffee.safetensors", "7c9e6679-7425-40de-944b-e07fc1f90ae7.safetensors"]
    {
        let other = folder.path().join(name);
        std::fs::copy(&good, &other).unwrap();
        let (_, loaded) = load(network(narrow()), &other, Head::Keep).unwrap();
        assert!(!loaded.verified, "{name}");
    }
    let known = folder.path().join(Published::efficientnet_b0().file);
    std::fs::copy(&good, &known).unwrap();
    let error = refused(narrow(), &known, Head::Keep);
    assert!(error.contains("starts with 7f5810bc expected") && error.contains(&hash), "{error}");
}

#[test]
fn every_network_comes_back_as_it_went() {
    let _drawing = seeded(1);
    let device = Device::flex();
    let folder = tempfile::tempdir().unwrap();
    let faces = Tensor::<4>::random([2, 1, 96, 96], Distribution::Default, &device);
    let configs = [
        NetworkConfig::SimpleCnn(SimpleCnnConfig {
            channels: [4, 6, 8],
            hidden: 16,
            ..Default::default()
        }),
        NetworkConfig::CompactNet(CompactConfig { width: 4, blocks: 1, ..Default::default() }),
        NetworkConfig::EfficientNet(narrow()),
    ];
    for config in configs.map(|config| config.with_outputs(6)) {
        let network = config.init(&device).unwrap();
        let answers = |network: &Network| network.forward(faces.clone()).into_data();
        let mut sizes = Vec::new();
        for (half, tolerance) in [(None, 0.0), (Some(Half::F16), 5e-3), (Some(Half::Bf16), 4e-2)] {
            let path = folder.path().join("weights.safetensors");
            match half {
                None => save(&network, &path).unwrap(),
                Some(half) => save_half(&network, &path, half).unwrap(),
            }
            sizes.push(std::fs::metadata(&path).unwrap().len());
            let (back, _) = load(config.init(&device).unwrap(), &path, Head::Keep).unwrap();
            let (found, expected) = (answers(&back), answers(&network));
            let [found, expected] = [found, expected].map(|data| data.try_to_vec::<f32>().unwrap());
            let largest = expected.iter().fold(0.0_f32, |max, v| max.max(v.abs()));
            for (a, b) in found.iter().zip(&expected) {
                assert!(
                    (a - b).abs() <= tolerance * largest,
                    "{} {half:?}: {a} {b}",
                    config.name()
                );
            }
        }
        assert!(sizes[1] < sizes[0] && sizes[2] < sizes[0], "{}: {sizes:?}", config.name());
        println!("{}: bytes {sizes:?}", config.name());
    }
}

#[test]
fn what_is_written_has_torchvisions_names() {
    let _drawing = seeded(1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("again.safetensors");
    let (network, _) = load(network(narrow()), &fixture("narrow.safetensors"), Head::Keep).unwrap();
    save(&network, &path).unwrap();
    let (written, given) = (Golden::read(&path), Golden::read(&fixture("narrow.safetensors")));
    let mut names = given.names("");
    names.retain(|name| !name.ends_with("num_batches_tracked"));
    assert_eq!(written.names(""), names);
    for name in names {
        assert_eq!(written.values(&name), given.values(&name), "{name}");
    }
    let error = save(&network, &folder.path().join("none/there.safetensors")).unwrap_err();
    assert!(error.to_string().contains("there.safetensors: cannot write"), "{error}");
}
