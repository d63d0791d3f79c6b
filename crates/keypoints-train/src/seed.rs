//! Independent random streams from one seed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use burn::tensor::Device;

/// What a stream of random numbers is for. Streams of different purposes never overlap.
#[derive(Clone, Copy)]
pub(crate) enum Stream {
    /// Initial weights.
    Weights = 1,
    /// Order of the rows in an epoch.
    Order = 2,
    /// Dropout (and whatever else a network draws) in a step.
    Step = 3,
    /// What happens to the faces of a step.
    Augment = 4,
}

/// The seed of the `index`-th piece of a stream (an epoch, a step).
///
/// A resumed run asks for the same `(seed, stream, index)` as the run that was killed, so it needs no saved
/// generator state to draw the same numbers.
pub(crate) fn derive(seed: u64, stream: Stream, index: u64) -> u64 {
    let mut bytes = [0; 24];
    bytes[..8].copy_from_slice(&seed.to_le_bytes());
    bytes[8..16].copy_from_slice(&(stream as u64).to_le_bytes());
    bytes[16..].copy_from_slice(&index.to_le_bytes());
    xxhash_rust::xxh3::xxh3_64(&bytes)
}

/// Seeds the device for whoever draws from it next.
///
/// The CPU backend has one stream of random numbers per process. No training of another thread seeds it while the guard
/// lives: what is drawn until then is what the seed says, unless another network drops units meanwhile or the program draws
/// for itself.
pub(crate) fn seeded(device: &Device, seed: u64) -> MutexGuard<'static, ()> {
    static SEEDING: Mutex<()> = Mutex::new(());
    let guard = SEEDING.lock().unwrap_or_else(PoisonError::into_inner);
    device.seed(seed);
    guard
}

#[cfg(test)]
mod tests;
