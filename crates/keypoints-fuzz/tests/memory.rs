//! A reader that takes too much memory is found. Alone in its process: memory is counted for all of it.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use keypoints_fuzz::{Meter, Seeds};

#[global_allocator]
static METER: Meter = Meter;

#[test]
fn memory_is_counted() {
    let folder = tempfile::tempdir().unwrap();
    let name = folder.path().to_str().unwrap();
    let seeds = Seeds { name, files: vec![vec![1; 8]], words: &[], memory: 1 << 30 };
    let fault = std::panic::catch_unwind(|| {
        seeds.fuzz(|_| {
            std::hint::black_box(vec![0_u8; (1 << 30) + (1 << 28)]);
        })
    });
    let fault = *fault.unwrap_err().downcast::<String>().unwrap();
    assert!(fault.contains("bytes of memory"), "{fault}");
}
