//! Under which names a file has a network's parameters.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use burn::module::Module;
use burn::store::burn_pack::Tensor as FileTensor;
use burn::store::{BurnToPyTorchAdapter, ModuleSnapshot};

use crate::network::KeypointNetwork;

/// A tensor of the network, as a file should have it.
pub(super) struct Wanted {
    /// Path in the module.
    pub(super) path: String,
    pub(super) shape: Vec<usize>,
    pub(super) in_head: bool,
}

/// One way to name and lay out a network's parameters.
pub(super) struct Dialect {
    /// By the name in a file.
    pub(super) wanted: BTreeMap<String, Wanted>,
    /// PyTorch's layout and leaf names, and paths without the variants of enums; otherwise Burn's, with them.
    pub(super) pytorch: bool,
}

/// The names that files may have, the one that is written first: PyTorch's; and Burn's own, which older model files and the checkpoints
/// of runs have: with the network's name in the registry before them, and without.
pub(super) fn dialects<N: KeypointNetwork + Module>(network: &N) -> Vec<Dialect> {
    let head = network.head();
    let adapted = network.collect(None, Some(Box::new(BurnToPyTorchAdapter)), true);
    let plain = network.collect(None, None, false);
    let in_head = |tensor: &FileTensor| tensor.name.split('.').next() == Some(head);
    let heads: Vec<bool> = adapted.iter().map(in_head).collect();
    // Both are in the order of the module's fields.
    let burn: BTreeMap<String, Wanted> = match plain.len() == heads.len() {
        true => plain
            .into_iter()
            .zip(&heads)
            .map(|(tensor, &in_head)| {
                let (path, shape) = (tensor.name, tensor.shape.to_vec());
                (path.clone(), Wanted { path, shape, in_head })
            })
            .collect(),
        false => BTreeMap::new(),
    };
    let pytorch = adapted.into_iter().zip(heads).map(|(tensor, in_head)| {
        let (path, shape) = (tensor.name, tensor.shape.to_vec());
        (network.weight_name(&path), Wanted { path, shape, in_head })
    });
    let pytorch = Dialect { wanted: pytorch.collect(), pytorch: true };
    let first = |name: &String| name.split_once('.').map(|(first, _)| first.to_owned());
    let shared: BTreeSet<Option<String>> = burn.keys().map(first).collect();
    let bare = match (shared.len(), shared.first()) {
        (1, Some(Some(variant))) => {
            let start = variant.len() + 1;
            let without = |(name, one): (&String, &Wanted)| {
                let Wanted { path, shape, in_head } = one;
                let (path, shape, in_head) = (path.clone(), shape.clone(), *in_head);
                (name[start..].to_owned(), Wanted { path, shape, in_head })
            };
            Some(Dialect { wanted: burn.iter().map(without).collect(), pytorch: false })
        }
        _ => None,
    };
    let burn = Dialect { wanted: burn, pytorch: false };
    [pytorch, burn].into_iter().chain(bare).collect()
}

/// The dialect that most names of a file are of, after a prefix: that of a wrapper (`module.`, `_orig_mod.`), of a key in a checkpoint
/// (`state_dict.`), or of several. Among equals the one that more shapes are of, then the shortest prefix and the first dialect; the first
/// dialect also where hardly a name is known.
pub(super) fn closest(
    dialects: Vec<Dialect>,
    tensors: &BTreeMap<String, FileTensor>,
) -> Option<(Dialect, String, usize)> {
    // Names, and shapes among them.
    let mut counts: BTreeMap<(usize, &str), (usize, usize)> = BTreeMap::new();
    for (name, tensor) in tensors {
        let starts = std::iter::once(0).chain(name.match_indices('.').map(|(dot, _)| dot + 1));
        for start in starts {
            for (index, dialect) in dialects.iter().enumerate() {
                if let Some(one) = dialect.wanted.get(&name[start..]) {
                    let (names, shapes) = counts.entry((index, &name[..start])).or_default();
                    *names += 1;
                    *shapes += usize::from(tensor.shape.to_vec() == one.shape);
                }
            }
        }
    }
    let plain = counts.get(&(0, "")).map_or(0, |(names, _)| *names);
    let known = |(index, _): &(usize, &str), names: usize| {
        dialects.get(*index).is_some_and(|dialect| 4 * names >= dialect.wanted.len())
    };
    let best = counts
        .into_iter()
        .filter(|(key, (names, _))| known(key, *names))
        .max_by_key(|((index, prefix), count)| (*count, Reverse((prefix.len(), *prefix, *index))));
    let ((index, prefix), (count, _)) = best.unwrap_or(((0, ""), (plain, 0)));
    let prefix = prefix.to_owned();
    dialects.into_iter().nth(index).map(|dialect| (dialect, prefix, count))
}
