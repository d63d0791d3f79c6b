//! What the overlays of photos are called.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use keypoints_files::KnownFiles;

/// Endings of JPEG files, in lower case.
const JPEG_ENDINGS: [&str; 4] = ["jpg", "jpeg", "jpe", "jfif"];

/// Names overlays after their photos: `a_keypoints.jpg` for `a.jpg`, `a-2_keypoints.jpg` for the `a.jpg` of another folder, `.png` for
/// other photos. No overlay has the name of another, also where a file system does not tell capital letters, or leads to a photo.
pub(super) struct OverlayNames<'a> {
    folder: &'a Path,
    photos: &'a [PathBuf],
    /// Looked for once there is a file where an overlay would go.
    known: Option<KnownFiles>,
    /// The names that are taken, in lower case, and the number of the last one that was made of each.
    taken: HashMap<String, usize>,
}

impl<'a> OverlayNames<'a> {
    pub(super) fn new(folder: &'a Path, photos: &'a [PathBuf]) -> Self {
        Self { folder, photos, known: None, taken: HashMap::new() }
    }

    /// The overlay of the next photo.
    pub(super) fn next(&mut self, photo: &Path) -> PathBuf {
        let stem = photo.file_stem().unwrap_or_default().to_string_lossy();
        let ending = photo.extension().unwrap_or_default().to_string_lossy().to_lowercase();
        let ending = if JPEG_ENDINGS.contains(&&*ending) { "jpg" } else { "png" };
        let plain = format!("{stem}_keypoints.{ending}").to_lowercase();
        let mut number = self.taken.get(&plain).copied().unwrap_or_default() + 1;
        loop {
            let name = match number {
                1 => format!("{stem}_keypoints.{ending}"),
                _ => format!("{stem}-{number}_keypoints.{ending}"),
            };
            let key = name.to_lowercase();
            let path = self.folder.join(name);
            // The name may be that of another photo's overlay: `a-2.jpg` beside two of `a.jpg`.
            if !self.taken.contains_key(&key) && !self.is_photo(&path) {
                self.taken.entry(key).or_insert(1);
                self.taken.insert(plain, number);
                return path;
            }
            number += 1;
        }
    }

    fn is_photo(&mut self, path: &Path) -> bool {
        path.exists()
            && self.known.get_or_insert_with(|| KnownFiles::of(self.photos)).contains(path)
    }
}

#[cfg(test)]
mod tests;
