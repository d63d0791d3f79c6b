//! What happens to the head in a file.

/// What happens to the file's head.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Head {
    /// It is loaded, and has to fit.
    #[default]
    Keep,
    /// It is dropped; the network keeps the head that it was made with. The rest stays strict.
    Replace,
    /// It is loaded where all of it has the network's shapes, and dropped otherwise.
    KeepIfItFits,
}
