//! What can be wrong with YuNet's file.

use std::io;
use std::path::PathBuf;

use keypoints_image::shown;

/// A file that is not YuNet's.
#[derive(Debug, thiserror::Error)]
#[error("{}: {fault}", shown(path))]
pub struct YuNetFileError {
    /// The file.
    pub path: PathBuf,
    /// What is wrong with it.
    pub fault: YuNetFault,
}

/// What is wrong with a file that should be YuNet's.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum YuNetFault {
    /// The operating system could not read the file.
    #[error("cannot be read: {0}")]
    Io(io::Error),
    /// The file has no bytes.
    #[error("an empty file; use `face_detection_yunet_2023mar.onnx`")]
    EmptyFile,
    /// The file is much larger than YuNet's.
    #[error(
        "more than {} KiB, and YuNet's file has 227 KiB; use `face_detection_yunet_2023mar.onnx`",
        limit >> 10
    )]
    TooLarge {
        /// The largest size that is read, in bytes.
        limit: u64,
    },
    /// The file names another one, which lies in Git LFS.
    #[error(
        "a Git LFS pointer, not the file itself; fetch it with `git lfs pull`, or download it from the page of the repository"
    )]
    LfsPointer,
    /// The file is of another format, or its end is missing.
    #[error(
        "not an ONNX file, or a part of one: {0}; download `face_detection_yunet_2023mar.onnx` again"
    )]
    NotOnnx(String),
    /// An ONNX file of another network.
    #[error(
        "the network of this ONNX file is not YuNet of March 2023: {known} of {of} weights have its names; `{missing}` is missing, {found}. \
         Use `face_detection_yunet_2023mar.onnx`, not a quantized one"
    )]
    OtherNetwork {
        /// How many of YuNet's names are in the file.
        known: usize,
        /// How many names there should be.
        of: usize,
        /// The first of YuNet's names that the file has not.
        missing: String,
        /// What the file has.
        found: String,
    },
    /// A layer is not connected as YuNet's is.
    #[error("there is no {layer}; use an unchanged `face_detection_yunet_2023mar.onnx`")]
    NoLayer {
        /// The layer.
        layer: String,
    },
    /// A tensor is of another shape or type.
    #[error(
        "the {tensor} should be {expected}, but is {found}; use an unchanged `face_detection_yunet_2023mar.onnx`"
    )]
    BadTensor {
        /// Which tensor.
        tensor: String,
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },
    /// A tensor has numbers with which nothing can be computed.
    #[error(
        "the {tensor} holds {value}, and all weights must be finite; download `face_detection_yunet_2023mar.onnx` again"
    )]
    NotFinite {
        /// Which tensor.
        tensor: String,
        /// The first such number.
        value: f32,
    },
}
