//! What reports have in common.

use std::path::Path;

use keypoints_report::{ReportError, Section, pictures_in};

/// All pictures of a folder, under their names; none where there is no folder.
pub(crate) fn pictures_section(folder: &Path) -> Result<Section, ReportError> {
    let mut pictures = Section::new("Pictures");
    for (name, path) in pictures_in(folder).unwrap_or_default() {
        pictures = pictures.picture_file(path, name.replace('_', " "))?;
    }
    Ok(pictures)
}

/// The settings, as JSON.
pub(crate) fn settings_section(settings: String) -> Section {
    Section::new("Settings").text("All that decides the result.").code(settings)
}
