//! Whole picture groups into parts of given shares.

use std::cmp::Reverse;

use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

use super::error::SplitError;
use super::groups::picture_groups;
use crate::dataset::Dataset;

/// Rows of each label source.
type Counts = Vec<usize>;

/// Gives every row the number of its part; part `p` receives the share `shares[p]` of each label source.
///
/// `shares` are positive and sum to one. No part stays empty.
pub(super) fn distribute(
    dataset: &Dataset,
    shares: &[f64],
    seed: u64,
) -> Result<Vec<usize>, SplitError> {
    if dataset.is_empty() {
        return Err(SplitError::Empty);
    }
    let group_of_row = picture_groups(dataset.pictures());
    let groups = count_groups(dataset, &group_of_row);
    if groups.len() < shares.len() {
        return Err(SplitError::TooFewPictures { needed: shares.len(), found: groups.len() });
    }

    let mut order: Vec<usize> = (0..groups.len()).collect();
    order.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    // Unwieldy groups first, so that the many single rows can even out what those left uneven.
    order.sort_by_key(|&group| {
        let counts = &groups[group];
        let is_mixed = counts.iter().all(|&count| count > 0);
        (Reverse(is_mixed), Reverse(counts.iter().sum::<usize>()))
    });

    let none = vec![0; dataset.schema().sources().len()];
    let totals = sum(&none, groups.iter());
    let mut parts = vec![none.clone(); shares.len()];
    let mut part_of_group = vec![0; groups.len()];
    for &group in &order {
        let part = neediest(&parts, shares, &totals, &groups[group]);
        part_of_group[group] = part;
        parts[part] = sum(&none, [&parts[part], &groups[group]]);
    }
    fill_empty_parts(&mut part_of_group, &order, shares.len());
    Ok(group_of_row.iter().map(|&group| part_of_group[group as usize]).collect())
}

fn count_groups(dataset: &Dataset, group_of_row: &[u32]) -> Vec<Counts> {
    let len = group_of_row.iter().max().map_or(0, |&last| last as usize + 1);
    let mut groups = vec![vec![0; dataset.schema().sources().len()]; len];
    for (row, &group) in group_of_row.iter().enumerate() {
        groups[group as usize][dataset.sources()[row].index()] += 1;
    }
    groups
}

fn sum<'a>(none: &Counts, counts: impl IntoIterator<Item = &'a Counts>) -> Counts {
    counts.into_iter().fold(none.clone(), |mut total, counts| {
        for (total, count) in total.iter_mut().zip(counts) {
            *total += count;
        }
        total
    })
}

/// The part that strays least from its shares by taking the group.
///
/// For each source the weight of a part is the square of its filled share over its due share; taking
/// `g` rows beside `c` costs `(2c + g)g / share`. With groups of one row this is Sainte-Laguë's rule
/// for seats in a parliament, which is never off by more than a row or so.
fn neediest(parts: &[Counts], shares: &[f64], totals: &Counts, group: &Counts) -> usize {
    let cost = |part: usize| -> f64 {
        (0..group.len())
            .filter(|&source| group[source] > 0)
            .map(|source| {
                let (held, taken) = (parts[part][source] as f64, group[source] as f64);
                (2.0 * held + taken) * taken / (totals[source] as f64).powi(2)
            })
            .sum::<f64>()
            / shares[part]
    };
    // Ties go to the part that is emptier overall, so that no fold waits in vain for its first group.
    let fill = |part: usize| parts[part].iter().sum::<usize>() as f64 / shares[part];
    (0..parts.len())
        .min_by(|&a, &b| cost(a).total_cmp(&cost(b)).then(fill(a).total_cmp(&fill(b))))
        .unwrap_or(0)
}

/// Hands a group to each part that a tiny share left without any.
fn fill_empty_parts(part_of_group: &mut [usize], order: &[usize], parts: usize) {
    let mut sizes = vec![0usize; parts];
    for &part in part_of_group.iter() {
        sizes[part] += 1;
    }
    for empty in 0..parts {
        if sizes[empty] > 0 {
            continue;
        }
        // The last in order are the smallest; a part with a single group keeps it.
        let spare = order.iter().rev().find(|&&group| sizes[part_of_group[group]] > 1);
        if let Some(&group) = spare {
            sizes[part_of_group[group]] -= 1;
            sizes[empty] += 1;
            part_of_group[group] = empty;
        }
    }
}
