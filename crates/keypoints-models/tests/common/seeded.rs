//! Random numbers that are the same every time.

use std::sync::{Mutex, MutexGuard, PoisonError};

use burn::tensor::Device;

/// Seeds the CPU. Nobody else who asks here draws from it while the guard lives: the device has one stream of random numbers
/// for all threads, and weights are drawn when they are first looked at.
pub(crate) fn seeded(seed: u64) -> MutexGuard<'static, ()> {
    static DRAWING: Mutex<()> = Mutex::new(());
    // A test that failed in it has said so.
    let guard = DRAWING.lock().unwrap_or_else(PoisonError::into_inner);
    Device::flex().seed(seed);
    guard
}
