//! Tensors into a network, strictly.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use burn::module::Module;
use burn::store::burn_pack::Tensor as FileTensor;
use burn::store::{
    BurnToPyTorchAdapter, FloatCastAdapter, ModuleAdapter, ModuleSnapshot, PyTorchToBurnAdapter,
    bridge,
};
use burn::tensor::DType;

use super::error::{BadShape, WeightsError};
use super::file::caught;
use super::head::Head;
use crate::network::KeypointNetwork;

/// A tensor of the network, as a file should have it.
struct Wanted {
    /// Path in the module, with PyTorch's names.
    path: String,
    shape: Vec<usize>,
    in_head: bool,
}

/// Puts the tensors into the network; also says how many, and which were dropped.
pub(super) fn assign<N: KeypointNetwork + Module>(
    mut network: N,
    mut tensors: BTreeMap<String, FileTensor>,
    path: &Path,
    head: Head,
) -> Result<(N, usize, Vec<String>), WeightsError> {
    tensors.retain(|name, _| !name.ends_with(".num_batches_tracked"));
    let mut wanted = wanted(&network);
    let fits = |name: &String, one: &Wanted| {
        tensors.get(name).is_some_and(|tensor| tensor.shape.to_vec() == one.shape)
    };
    let keeps_head = match head {
        Head::Keep => true,
        Head::Replace => false,
        Head::KeepIfItFits => {
            wanted.iter().filter(|(_, one)| one.in_head).all(|(name, one)| fits(name, one))
        }
    };
    let mut dropped = Vec::new();
    if !keeps_head {
        wanted.retain(|name, one| {
            if one.in_head && tensors.remove(name).is_some() {
                dropped.push(name.clone());
            }
            !one.in_head
        });
    }
    check(&wanted, &tensors, path)?;

    let mut renamed = Vec::with_capacity(wanted.len());
    for (name, one) in &wanted {
        let Some(tensor) = tensors.remove(name) else { continue };
        // Read here: inside the network a tensor that cannot be read is too late.
        let data = caught(|| bridge::into_data(tensor).map_err(|error| error.to_string()));
        let data = data.map_err(|reason| damaged(path, format!("`{name}`: {reason}")))?;
        if !data.dtype().is_float() {
            return Err(damaged(path, format!("`{name}` holds {:?}", data.dtype())));
        }
        renamed.push(bridge::from_data(data, one.path.clone(), None));
    }
    let count = renamed.len();
    let adapter = PyTorchToBurnAdapter.chain(FloatCastAdapter::to(DType::F32));
    let result = network.apply(renamed, None, Some(Box::new(adapter)), true);
    match result.errors.first() {
        Some(error) => Err(damaged(path, error.to_string())),
        None if result.applied.len() != count => {
            Err(damaged(path, format!("only {} of {count} fit", result.applied.len())))
        }
        None => Ok((network, count, dropped)),
    }
}

fn damaged(path: &Path, found: String) -> WeightsError {
    let expected = "numbers for every parameter";
    WeightsError::Damaged { path: path.to_owned(), expected, found }
}

/// What a file should have, by its name there.
fn wanted<N: KeypointNetwork + Module>(network: &N) -> BTreeMap<String, Wanted> {
    let head = network.head();
    let tensors = network.collect(None, Some(Box::new(BurnToPyTorchAdapter)), true);
    let wanted = |tensor: FileTensor| {
        let in_head = tensor.name.split('.').next() == Some(head);
        let (path, shape) = (tensor.name, tensor.shape.to_vec());
        (network.weight_name(&path), Wanted { path, shape, in_head })
    };
    tensors.into_iter().map(wanted).collect()
}

fn check(
    wanted: &BTreeMap<String, Wanted>,
    tensors: &BTreeMap<String, FileTensor>,
    path: &Path,
) -> Result<(), WeightsError> {
    let names: BTreeSet<&String> = wanted.keys().collect();
    let given: BTreeSet<&String> = tensors.keys().collect();
    let owned = |name: &&String| (*name).clone();
    let missing: Vec<String> = names.difference(&given).map(owned).collect();
    let unknown: Vec<String> = given.difference(&names).map(owned).collect();
    let misshaped: Vec<BadShape> = wanted
        .iter()
        .filter_map(|(name, one)| {
            let found = tensors.get(name)?.shape.to_vec();
            let expected = one.shape.clone();
            (found != expected).then(|| BadShape { name: name.clone(), expected, found })
        })
        .collect();
    let wrong = missing.len() + unknown.len() + misshaped.len();
    let path = path.to_owned();
    match wrong {
        0 => Ok(()),
        // A list of hundreds of names would hide that the file is another network's.
        _ if wrong * 4 > wanted.len() => {
            let shape = |name: &String| wanted.get(name).map(|one| one.shape.clone());
            let expected = describe(wanted.keys(), shape);
            let shape = |name: &String| tensors.get(name).map(|one| one.shape.to_vec());
            let found = describe(tensors.keys(), shape);
            // The same network in another size, say: its tensors tell more than that.
            match expected == found {
                true => Err(WeightsError::BadTensors { path, missing, unknown, misshaped }),
                false => Err(WeightsError::OtherNetwork { path, expected, found }),
            }
        }
        _ => Err(WeightsError::BadTensors { path, missing, unknown, misshaped }),
    }
}

/// What a set of tensors looks like.
fn describe<'a>(
    names: impl ExactSizeIterator<Item = &'a String> + Clone,
    shape: impl Fn(&String) -> Option<Vec<usize>>,
) -> String {
    let mut blocks: BTreeMap<usize, usize> = BTreeMap::new();
    for name in names.clone() {
        let parts: Vec<&str> = name.split('.').collect();
        if let ["features", stage, block, "block", ..] = parts[..]
            && let (Ok(stage), Ok(block)) = (stage.parse::<usize>(), block.parse::<usize>())
        {
            let count = blocks.entry(stage).or_default();
            *count = (*count).max(block + 1);
        }
    }
    if !blocks.is_empty() {
        let counts: Vec<String> = blocks.values().map(ToString::to_string).collect();
        let channels = shape(&"features.0.0.weight".to_owned()).map_or(0, |shape| shape[0]);
        let counts = counts.join(", ");
        return format!(
            "an EfficientNet with stages of {counts} blocks and a stem of {channels} channels"
        );
    }
    let count = names.len();
    match names.clone().next() {
        None => "nothing".to_owned(),
        Some(first) => format!("a network with `{first}` and {} more tensors", count - 1),
    }
}
