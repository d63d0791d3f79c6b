//! Fuzzing of the file readers: a damaged file must give an error, without a panic, much memory or a long wait.
//!
//! A target is a test in `tests/`: files of the kind that it reads ([`Seeds`]), words of their language, and the reader. [`Seeds::fuzz`]
//! damages the files at random (flipped, lost, repeated and foreign bytes; numbers at their limits; parts of another file) and reads them.
//! Inputs that once found a fault are in `corpus/NAME` and are read first.
//!
//! A test takes a second. `KEYPOINTS_FUZZ_SECONDS=600` makes it take ten minutes, `KEYPOINTS_FUZZ_SEED=7` another course:
//!
//! ```sh
//! KEYPOINTS_FUZZ_SECONDS=600 cargo test --release --package keypoints-fuzz --test fuzz_pictures
//! ```
//!
//! What fails is written to `corpus/NAME/found-….bin`: keep it there when the fault is mended.

mod fuzz;
mod meter;
mod mutate;

pub use fuzz::Seeds;
pub use meter::Meter;
pub use mutate::mutate;
