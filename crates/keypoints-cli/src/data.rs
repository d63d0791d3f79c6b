//! Finding the data, or making some.

use std::path::Path;

use anyhow::Context;
use keypoints_data::kaggle::DataDir;
use keypoints_data::synth::{SynthConfig, generate, write_files};

use crate::args::{DEFAULT_DATA, DataArgs};

impl DataArgs {
    /// Finds the competition's files, or falls back to synthetic faces where nobody named a folder and the default one has
    /// none of them; says so on standard error.
    ///
    /// # Errors
    /// If the synthetic ones cannot be written. What a folder lacks is said by whoever reads it.
    pub fn open(&self) -> anyhow::Result<DataDir> {
        let dir = DataDir::new(&self.data);
        if dir.has_some_competition_file() || self.data != Path::new(DEFAULT_DATA) {
            // Of a folder that was named, or that somebody put files into, reading says which file is missing.
            return Ok(dir);
        }
        let folder = self.data.join("synthetic");
        let dir = DataDir::new(&folder);
        if dir.has_competition_files() {
            let (data, folder) = (self.data.display(), folder.display());
            eprintln!("no competition files in {data}: these are the synthetic faces of {folder}");
        } else {
            let config = SynthConfig::default();
            eprintln!(
                "no competition files in {}: drawing {} synthetic training faces and {} test faces in {}",
                self.data.display(),
                config.training,
                config.test,
                folder.display(),
            );
            write_files(&generate(&config), &folder, true)
                .with_context(|| format!("cannot write synthetic faces to {}", folder.display()))?;
        }
        Ok(dir)
    }
}
