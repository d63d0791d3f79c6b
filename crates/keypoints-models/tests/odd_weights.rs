//! Files of weights as people have them: wrapped, nested, renamed, of older versions.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.
#![cfg(feature = "weights")]

mod common;
#[path = "common/seeded.rs"]
mod seeded;

use std::path::Path;

use burn::module::Module;
use burn::nn::{Linear, LinearConfig};
use burn::store::{HalfPrecisionAdapter, ModuleSnapshot, SafetensorsStore};
use burn::tensor::{Device, Distribution, Tensor};
use common::{fixture, narrow};
use keypoints_models::compact::CompactConfig;
use keypoints_models::efficientnet::EfficientNetConfig;
use keypoints_models::simple_cnn::SimpleCnnConfig;
use keypoints_models::weights::{Head, Loaded, WeightsError, load, save, to_bytes};
use keypoints_models::{KeypointNetwork, Network, NetworkConfig};
use seeded::seeded;

fn network(config: EfficientNetConfig) -> Network {
    NetworkConfig::EfficientNet(config).init(&Device::flex()).unwrap()
}

/// The numbers of a network's answers.
fn answers(network: &impl KeypointNetwork) -> Vec<f32> {
    let device = Device::flex();
    let faces = Tensor::<1, burn::tensor::Int>::arange(0..9216, &device).float() / 9216.0;
    network.forward(faces.reshape([1, 1, 96, 96])).into_data().try_to_vec().unwrap()
}

/// A safetensors file with other names.
fn renamed(source: &Path, target: &Path, rename: impl Fn(&str) -> String) {
    let bytes = std::fs::read(source).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let head: serde_json::Map<String, serde_json::Value> =
        serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    let head: serde_json::Map<_, _> = head
        .into_iter()
        .map(|(name, value)| (if name == "__metadata__" { name } else { rename(&name) }, value))
        .collect();
    let mut head = serde_json::to_vec(&head).unwrap();
    head.resize(head.len().next_multiple_of(8), b' ');
    let parts = [&(head.len() as u64).to_le_bytes()[..], &head, &bytes[8 + length..]];
    std::fs::write(target, parts.concat()).unwrap();
}

#[test]
fn a_prefix_that_all_names_share_is_taken_off() {
    let _drawing = seeded(1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("wrapped");
    let source = fixture("narrow.safetensors");
    let expected = answers(&load(network(narrow()), &source, Head::Keep).unwrap().0);
    for prefix in ["module.", "_orig_mod.", "model.", "module._orig_mod.", "net.backbone.0.", ""] {
        renamed(&source, &path, |name| format!("{prefix}{name}"));
        let (found, loaded) = load(network(narrow()), &path, Head::Keep).unwrap();
        assert_eq!(loaded.prefix, prefix);
        assert_eq!((loaded.tensors, loaded.left_aside.len()), (102, 0), "{prefix}");
        assert_eq!(answers(&found), expected, "{prefix}");
        let other = EfficientNetConfig { outputs: 30, ..narrow() };
        let (_, loaded) = load(network(other), &path, Head::KeepIfItFits).unwrap();
        assert_eq!((loaded.tensors, loaded.dropped.len()), (100, 2), "{prefix}");
    }
    // What averaging adds, and what an optimizer or a criterion keeps, is none of the network's.
    renamed(&source, &path, |name| match name {
        "features.0.1.num_batches_tracked" => "n_averaged".to_owned(),
        "features.1.0.block.0.1.num_batches_tracked" => "loss.weight".to_owned(),
        name => format!("module.{name}"),
    });
    let (_, loaded) = load(network(narrow()), &path, Head::Keep).unwrap();
    assert_eq!((loaded.prefix.as_str(), loaded.tensors), ("module.", 102));
    assert_eq!(loaded.left_aside, ["loss.weight", "n_averaged"]);
    // The average beside the weights: the first of both.
    renamed(&source, &path, |name| format!("state_dict.{name}"));
    let (_, loaded) = load(network(narrow()), &path, Head::Keep).unwrap();
    assert_eq!(loaded.prefix, "state_dict.");
    // A prefix of half of the names only.
    renamed(&source, &path, |name| match name.starts_with("features.1") {
        true => name.to_owned(),
        false => format!("module.{name}"),
    });
    let error = load(network(narrow()), &path, Head::Keep).unwrap_err();
    assert!(matches!(error, WeightsError::OtherNetwork { .. }), "{error}");
}

#[test]
fn files_of_older_versions_are_read() {
    let _drawing = seeded(1);
    let device = Device::flex();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
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
        let trained = config.init(&device).unwrap();
        // As model files were written: with Burn's names and layout.
        let mut store = SafetensorsStore::from_file(&path)
            .overwrite(true)
            .metadata("keypoints", "{}")
            .with_to_adapter(HalfPrecisionAdapter::new());
        trained.save_into(&mut store).unwrap();
        let fresh = || config.init(&device).unwrap();
        let (old, loaded) = load(fresh(), &path, Head::Keep).unwrap();
        assert_eq!((loaded.prefix.as_str(), loaded.left_aside.len()), ("", 0), "{}", config.name());
        // As they are now: other names, the same numbers.
        std::fs::write(&path, to_bytes(&trained, []).unwrap()).unwrap();
        let (new, _) = load(fresh(), &path, Head::Keep).unwrap();
        assert_eq!(answers(&old), answers(&new), "{}", config.name());
        // A checkpoint of a run.
        trained.clone().into_record().save(path.with_extension("bpk")).unwrap();
        let (same, _) = load(fresh(), &path.with_extension("bpk"), Head::Keep).unwrap();
        assert_eq!(answers(&same), answers(&trained), "{}", config.name());
        // The head of another task stays behind.
        let (_, loaded) =
            load(config.clone().with_outputs(8).init(&device).unwrap(), &path, Head::KeepIfItFits)
                .unwrap();
        assert!(!loaded.dropped.is_empty(), "{}", config.name());
    }
    // A network by itself, and the one of the registry.
    let config = CompactConfig { outputs: 30, width: 4, blocks: 1, ..Default::default() };
    let registered = NetworkConfig::CompactNet(config.clone());
    let trained = registered.init(&device).unwrap();
    let mut store = SafetensorsStore::from_file(&path).overwrite(true);
    trained.save_into(&mut store).unwrap();
    let (bare, _) = load(config.init(&device).unwrap(), &path, Head::Keep).unwrap();
    assert_eq!(answers(&bare), answers(&trained));
    let mut store = SafetensorsStore::from_file(&path).overwrite(true);
    bare.save_into(&mut store).unwrap();
    let (again, _) = load(registered.init(&device).unwrap(), &path, Head::Keep).unwrap();
    assert_eq!(answers(&again), answers(&trained));
}

/// A network with a layer that has as many inputs as outputs, and the same names in both dialects.
#[derive(Module, Debug)]
struct Square {
    head: Linear,
}

impl KeypointNetwork for Square {
    fn forward(&self, images: Tensor<4>) -> Tensor<2> {
        self.head.forward(images.flatten::<2>(1, 3).slice([0..1, 4000..4030]))
    }
}

#[test]
fn what_has_the_same_names_is_told_by_what_wrote_it() {
    let _drawing = seeded(3);
    let device = Device::flex();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model");
    let fresh = || Square { head: LinearConfig::new(30, 30).init(&device) };
    let trained = fresh();
    let near = |path: &Path| {
        let (found, _) = load(fresh(), path, Head::Keep).unwrap();
        let pairs = answers(&found).into_iter().zip(answers(&trained));
        pairs.map(|(one, other)| (one - other).abs()).fold(0.0, f32::max) < 1e-2
    };
    let mut store = SafetensorsStore::from_file(&path)
        .metadata("keypoints", "{}")
        .with_to_adapter(HalfPrecisionAdapter::new());
    trained.save_into(&mut store).unwrap();
    assert!(near(&path), "a model file of an older version");
    std::fs::write(&path, to_bytes(&trained, [("keypoints".into(), "{}".into())]).unwrap())
        .unwrap();
    assert!(near(&path), "a model file");
    save(&trained, &path).unwrap();
    assert!(near(&path), "weights alone");
    trained.clone().into_record().save(path.with_extension("bpk")).unwrap();
    assert!(near(&path.with_extension("bpk")), "a checkpoint");
}

/// Pickles, as far as files of PyTorch need them.
#[derive(Clone, Default)]
struct Pickle(Vec<u8>);

impl Pickle {
    fn put(&mut self, bytes: &[u8]) -> &mut Self {
        self.0.extend(bytes);
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        self.put(b"X").put(&(text.len() as u32).to_le_bytes()).put(text.as_bytes())
    }

    fn number(&mut self, number: usize) -> &mut Self {
        self.put(b"J").put(&(number as i32).to_le_bytes())
    }

    fn numbers(&mut self, numbers: &[usize]) -> &mut Self {
        self.put(b"(");
        for &number in numbers {
            self.number(number);
        }
        self.put(b"t")
    }

    /// A tensor whose numbers lie in the storage of this key.
    fn tensor(&mut self, key: &str, class: &str, shape: &[usize]) -> &mut Self {
        let strides: Vec<usize> =
            (0..shape.len()).map(|axis| shape[axis + 1..].iter().product()).collect();
        self.put(b"ctorch._utils\n_rebuild_tensor_v2\n((").text("storage");
        self.put(format!("ctorch\n{class}\n").as_bytes()).text(key).text("cpu");
        self.number(shape.iter().product()).put(b"NtQ").number(0).numbers(shape).numbers(&strides);
        self.put(b"\x89ccollections\nOrderedDict\n)RtR")
    }
}

/// A file as `torch.save` wrote it before version 1.6: pickles one after the other, then the numbers.
fn legacy(root: &Pickle, storages: &[(String, usize, Vec<u8>)]) -> Vec<u8> {
    let mut file = Pickle::default();
    file.put(b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.");
    file.put(b"\x80\x02").number(1001).put(b".");
    file.put(b"\x80\x02}(").text("protocol_version").number(1001);
    file.text("little_endian").put(b"\x88u.");
    file.put(b"\x80\x02").put(&root.0).put(b".");
    file.put(b"\x80\x02](");
    for (key, ..) in storages {
        file.text(key);
    }
    file.put(b"e.");
    for (_, count, bytes) in storages {
        file.put(&(*count as u64).to_le_bytes()).put(bytes);
    }
    file.0
}

/// A network with the tensors of its file, as pickles, in single precision or bfloat16.
fn state_dict(path: &Path, prefix: &str, bf16: bool) -> (Pickle, Vec<(String, usize, Vec<u8>)>) {
    let bytes = std::fs::read(path).unwrap();
    let length = u64::from_le_bytes(bytes[..8].try_into().unwrap()) as usize;
    let head: serde_json::Value = serde_json::from_slice(&bytes[8..8 + length]).unwrap();
    let mut dict = Pickle::default();
    dict.put(b"}(");
    let mut storages = Vec::new();
    for (name, about) in head.as_object().unwrap() {
        if name == "__metadata__" || name.ends_with("num_batches_tracked") {
            continue;
        }
        let list =
            |field: &str| -> Vec<usize> { serde_json::from_value(about[field].clone()).unwrap() };
        let (shape, place) = (list("shape"), list("data_offsets"));
        let data = &bytes[8 + length..][place[0]..place[1]];
        let key = storages.len().to_string();
        let (class, data) = match bf16 {
            false => ("FloatStorage", data.to_vec()),
            true => ("BFloat16Storage", data.chunks(4).flat_map(|one| [one[2], one[3]]).collect()),
        };
        dict.text(&format!("{prefix}{name}")).tensor(&key, class, &shape);
        storages.push((key, shape.iter().product(), data));
    }
    dict.put(b"u");
    (dict, storages)
}

/// A checkpoint: the state dict under a key, beside it what a training keeps.
fn checkpoint(key: &str, dict: &Pickle, storages: &mut Vec<(String, usize, Vec<u8>)>) -> Pickle {
    let mut root = Pickle::default();
    root.put(b"}(").text("epoch").number(7).text("optimizer").put(b"}(").text("exp_avg");
    root.tensor("average", "FloatStorage", &[2]).put(b"u").text(key).put(&dict.0).put(b"u");
    storages.push(("average".to_owned(), 2, vec![0; 8]));
    root
}

#[test]
fn files_of_pytorch_whatever_they_are_called() {
    let _drawing = seeded(1);
    let folder = tempfile::tempdir().unwrap();
    let config = || EfficientNetConfig { stages: 2, ..narrow() };
    let expected =
        answers(&load(network(config()), &fixture("shallow_half.pth"), Head::Keep).unwrap().0);
    for name in ["model_best.pth.tar", "a.ckpt", "pytorch_model.bin", "none", "a.safetensors"] {
        let path = folder.path().join(name);
        std::fs::copy(fixture("shallow_half.pth"), &path).unwrap();
        let (found, loaded) = load(network(config()), &path, Head::Keep).unwrap();
        assert_eq!((answers(&found), loaded.prefix.as_str()), (expected.clone(), ""), "{name}");
    }
    let path = folder.path().join("weights.pth");
    std::fs::copy(fixture("narrow.safetensors"), &path).unwrap();
    load(network(narrow()), &path, Head::Keep).unwrap();
}

#[test]
fn checkpoints_are_opened() {
    let _drawing = seeded(1);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoint.pth.tar");
    let source = fixture("narrow.safetensors");
    let expected = answers(&load(network(narrow()), &source, Head::Keep).unwrap().0);
    let read = |file: &[u8]| -> (Vec<f32>, Loaded) {
        std::fs::write(&path, file).unwrap();
        let (found, loaded) = load(network(narrow()), &path, Head::Keep).unwrap();
        (answers(&found), loaded)
    };
    let (dict, storages) = state_dict(&source, "", false);
    let (found, loaded) = read(&legacy(&dict, &storages));
    assert_eq!((found, loaded.prefix.as_str()), (expected.clone(), ""));
    for (key, prefix) in [
        ("state_dict", ""),
        ("model_state_dict", ""),
        ("model", "module."),
        ("net", "_orig_mod."),
        ("my_best_weights", ""),
    ] {
        let (dict, mut storages) = state_dict(&source, prefix, false);
        let root = checkpoint(key, &dict, &mut storages);
        let (found, loaded) = read(&legacy(&root, &storages));
        assert_eq!(loaded.prefix, format!("{key}.{prefix}"));
        assert_eq!(loaded.left_aside, ["optimizer.exp_avg"]);
        assert_eq!(found, expected, "{key}");
    }
    // Half the numbers' bits.
    let (dict, mut storages) = state_dict(&source, "", true);
    let root = checkpoint("state_dict", &dict, &mut storages);
    let (found, _) = read(&legacy(&root, &storages));
    let largest = expected.iter().fold(0.0_f32, |max, value| max.max(value.abs()));
    for (one, other) in found.iter().zip(&expected) {
        assert!((one - other).abs() < 0.1 * largest, "{found:?} {expected:?}");
    }
    // Of another network, and of none.
    let (dict, mut storages) = state_dict(&source, "", false);
    let root = checkpoint("state_dict", &dict, &mut storages);
    std::fs::write(&path, legacy(&root, &storages)).unwrap();
    let other = EfficientNetConfig { stages: 4, ..narrow() };
    let error = load(network(other), &path, Head::Keep).unwrap_err().to_string();
    assert!(error.contains("names match (file: `") && error.contains("1, 2, 2 blocks"), "{error}");
    std::fs::write(&path, legacy(Pickle::default().put(b"}"), &[])).unwrap();
    let error = load(network(narrow()), &path, Head::Keep).unwrap_err().to_string();
    assert!(error.contains("0 of 102 names match"), "{error}");
}

#[test]
fn what_is_no_file_of_weights_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.pth");
    for (bytes, said) in [
        (&b""[..], "it is empty"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "git lfs pull"),
        (b"<!DOCTYPE html><html>Not found</html>", "a web page"),
        (b"\x1f\x8b\x08\0\0\0", "gzip"),
    ] {
        std::fs::write(&path, bytes).unwrap();
        let error = load(network(narrow()), &path, Head::Keep).unwrap_err();
        assert!(matches!(error, WeightsError::UnknownFormat { .. }), "{error}");
        let text = error.to_string();
        assert!(
            text.contains("weights.pth: not a file of weights") && text.contains(said),
            "{text}"
        );
    }
}

#[test]
fn what_is_written_is_read_under_a_prefix_by_anybody() {
    let _drawing = seeded(2);
    let folder = tempfile::tempdir().unwrap();
    let (path, wrapped) = (folder.path().join("a"), folder.path().join("b"));
    let config = CompactConfig { outputs: 30, width: 4, blocks: 1, ..Default::default() };
    let trained = config.init(&Device::flex()).unwrap();
    save(&trained, &path).unwrap();
    renamed(&path, &wrapped, |name| format!("module.{name}"));
    let (found, loaded) =
        load(config.init(&Device::flex()).unwrap(), &wrapped, Head::Keep).unwrap();
    assert_eq!(loaded.prefix, "module.");
    let faces = Tensor::<4>::random([2, 1, 96, 96], Distribution::Default, &Device::flex());
    assert_eq!(trained.forward(faces.clone()).into_data(), found.forward(faces).into_data());
}
