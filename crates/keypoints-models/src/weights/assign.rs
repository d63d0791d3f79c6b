//! Tensors into a network, strictly.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use burn::module::Module;
use burn::store::burn_pack::Tensor as FileTensor;
use burn::store::{FloatCastAdapter, ModuleAdapter, ModuleSnapshot, PyTorchToBurnAdapter, bridge};
use burn::tensor::DType;

use super::dialect::{Wanted, closest, dialects};
use super::error::{BadShape, ComparedNames, WeightsError};
use super::file::{FileTensors, caught};
use super::head::Head;
use crate::network::KeypointNetwork;
use crate::registry::NetworkConfig;

/// What was put into a network, and what was not.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Assigned {
    /// Tensors that were put into the network.
    pub tensors: usize,
    /// The file's tensors that were dropped on purpose: its head's.
    pub dropped: Vec<String>,
    /// What stands before the network's names in the file: nothing, a wrapper's prefix such as `module.`, a key of a checkpoint such as
    /// `state_dict.`, or several of them.
    pub prefix: String,
    /// Tensors without that prefix, which were left aside: those of an optimizer, for example.
    pub left_aside: Vec<String>,
}

/// Puts the tensors into the network.
pub(super) fn assign<N: KeypointNetwork + Module>(
    mut network: N,
    file: FileTensors,
    path: &Path,
    head: Head,
) -> Result<(N, Assigned), WeightsError> {
    let FileTensors { mut tensors, is_burns } = file;
    let is_counter = |name: &str| name.rsplit('.').next() == Some("num_batches_tracked");
    tensors.retain(|name, _| !is_counter(name));
    let mut dialects = dialects(&network);
    dialects.retain(|dialect| !(is_burns && dialect.pytorch));
    let Some((dialect, prefix, matching)) = closest(dialects, &tensors) else {
        return Err(damaged(path, "the network has none".to_owned()));
    };
    let mut wanted = dialect.wanted;
    let mut left_aside = Vec::new();
    // Beside a part with all of the network's names there may be other things; where some are missing, nothing is what it seems.
    let name_of = |name: &String| format!("{prefix}{name}");
    let is_whole = |(name, one): (&String, &Wanted)| {
        (one.in_head && head != Head::Keep) || tensors.contains_key(&name_of(name))
    };
    if !wanted.iter().all(is_whole) && !tensors.keys().all(|name| name.starts_with(&prefix)) {
        let mut compared = compare(&wanted, &tensors, &prefix, matching);
        compared.nearest = nearest(&network, &tensors, matching);
        return Err(WeightsError::OtherNetwork { path: path.to_owned(), compared });
    }
    let mut own = BTreeMap::new();
    for (name, tensor) in tensors {
        match name.strip_prefix(&prefix) {
            Some(rest) => {
                own.insert(rest.to_owned(), tensor);
            }
            None => left_aside.push(name),
        }
    }
    let mut tensors = own;

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
    if let Err(mut error) = check(&wanted, &tensors, path) {
        if let WeightsError::OtherNetwork { compared, .. } = &mut error {
            compared.nearest = nearest(&network, &tensors, compared.matching);
        }
        return Err(error);
    }

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
    let single = FloatCastAdapter::to(DType::F32);
    let adapter: Box<dyn ModuleAdapter> = match dialect.pytorch {
        true => Box::new(PyTorchToBurnAdapter.chain(single)),
        false => Box::new(single),
    };
    let result = network.apply(renamed, None, Some(adapter), dialect.pytorch);
    match result.errors.first() {
        Some(error) => Err(damaged(path, error.to_string())),
        None if result.applied.len() != count => {
            Err(damaged(path, format!("only {} of {count} fit", result.applied.len())))
        }
        None => Ok((network, Assigned { tensors: count, dropped, prefix, left_aside })),
    }
}

fn damaged(path: &Path, found: String) -> WeightsError {
    let expected = "numbers for every parameter";
    WeightsError::Damaged { path: path.to_owned(), expected, found }
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
    // A list of hundreds of names would hide that the file is another network's.
    if wrong * 4 > wanted.len() {
        let matching = wanted.len() - missing.len();
        let compared = compare(wanted, tensors, "", matching);
        // The same network in another size, say: its tensors tell more than that.
        if compared.expected != compared.found {
            return Err(WeightsError::OtherNetwork { path: path.to_owned(), compared });
        }
    }
    match wrong {
        0 => Ok(()),
        _ => Err(WeightsError::BadTensors { path: path.to_owned(), missing, unknown, misshaped }),
    }
}

/// The names of a network beside those of a file that is hardly for it.
fn compare(
    wanted: &BTreeMap<String, Wanted>,
    tensors: &BTreeMap<String, FileTensor>,
    prefix: &str,
    matching: usize,
) -> Box<ComparedNames> {
    let shape = |name: &String| wanted.get(name).map(|one| one.shape.clone());
    let expected = describe(wanted.keys(), shape);
    let names: Vec<String> =
        tensors.keys().map(|name| name.strip_prefix(prefix).unwrap_or(name).to_owned()).collect();
    let shape =
        |name: &String| tensors.get(&format!("{prefix}{name}")).map(|tensor| tensor.shape.to_vec());
    let found = describe(names.iter(), shape);
    let first = |name: Option<&String>| name.cloned().unwrap_or_default();
    let mut lone = tensors
        .keys()
        .filter(|name| !name.strip_prefix(prefix).is_some_and(|name| wanted.contains_key(name)));
    let missing = wanted.keys().find(|name| !tensors.contains_key(&format!("{prefix}{name}")));
    Box::new(ComparedNames {
        expected,
        found,
        matching,
        of: wanted.len(),
        first: [
            first(lone.next().or(tensors.keys().next())),
            first(missing.or(wanted.keys().next())),
        ],
        nearest: None,
    })
}

/// The network of the registry, as its settings are by default, that more of a file's names are of than `matching`.
fn nearest(
    network: &impl Module,
    tensors: &BTreeMap<String, FileTensor>,
    matching: usize,
) -> Option<&'static str> {
    let device = network.devices().into_iter().next()?;
    let count = |name: &&'static str| {
        // How many outputs it has changes no name.
        let network =
            NetworkConfig::by_name(name).and_then(|one| one.with_outputs(1).init(&device));
        let (_, _, count) = closest(dialects(&network.ok()?), tensors)?;
        Some((count, *name))
    };
    let best = NetworkConfig::NAMES.iter().filter_map(count).max_by_key(|(count, _)| *count)?;
    (best.0 > matching && best.0 * 2 > tensors.len()).then_some(best.1)
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
