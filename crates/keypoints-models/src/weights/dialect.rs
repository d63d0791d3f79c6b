//! Under which names a file has a network's parameters.

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
    let mut all = vec![pytorch];
    if let (1, Some(Some(variant))) = (shared.len(), shared.first()) {
        let start = variant.len() + 1;
        let bare = burn.iter().map(|(name, one)| {
            let Wanted { path, shape, in_head } = one;
            let (path, shape, in_head) = (path.clone(), shape.clone(), *in_head);
            (name[start..].to_owned(), Wanted { path, shape, in_head })
        });
        all.push(Dialect { wanted: bare.collect(), pytorch: false });
    }
    all.push(Dialect { wanted: burn, pytorch: false });
    all
}

/// The dialect that most names of a file are of, after a prefix: that of a wrapper (`module.`, `_orig_mod.`), of a key in a checkpoint
/// (`state_dict.`), or of several. Among equals the first dialect and the shortest prefix; these also where hardly a name is known.
pub(super) fn closest(
    dialects: Vec<Dialect>,
    names: impl Iterator<Item = impl AsRef<str>>,
) -> Option<(Dialect, String, usize)> {
    let mut counts: BTreeMap<(usize, String), usize> = BTreeMap::new();
    for name in names {
        let name = name.as_ref();
        let starts = std::iter::once(0).chain(name.match_indices('.').map(|(dot, _)| dot + 1));
        for start in starts {
            for (index, dialect) in dialects.iter().enumerate() {
                if dialect.wanted.contains_key(&name[start..]) {
                    *counts.entry((index, name[..start].to_owned())).or_default() += 1;
                }
            }
        }
    }
    let order = |(dialect, prefix): &(usize, String)| (*dialect, prefix.len(), prefix.clone());
    let best = counts.iter().max_by(|(one, count), (other, of)| {
        count.cmp(of).then_with(|| order(other).cmp(&order(one)))
    });
    let best = best.map(|(key, count)| (key.clone(), *count));
    let known = |((index, _), count): &((usize, String), usize)| {
        4 * count >= dialects.get(*index).map_or(0, |dialect| dialect.wanted.len())
    };
    let plain = counts.get(&(0, String::new())).copied().unwrap_or_default();
    let ((index, prefix), count) =
        best.filter(known).unwrap_or_else(|| ((0, String::new()), plain));
    dialects.into_iter().nth(index).map(|dialect| (dialect, prefix, count))
}
