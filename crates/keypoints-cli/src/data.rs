//! Finding the data, or making some.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use keypoints_core::Dataset;
use keypoints_data::LabelWarning;
use keypoints_data::annotations::find;
use keypoints_data::kaggle::DataDir;
use keypoints_data::synth::{SynthConfig, generate, write_files};

use crate::args::{DEFAULT_DATA, DataArgs};
use crate::exit::tell;
use crate::own_pictures::OwnPictures;

/// The folder of synthetic faces in that for data.
const SYNTHETIC: &str = "synthetic";

/// Where labelled pictures come from.
#[derive(Clone, Debug)]
pub enum Data {
    /// The files of Kaggle's "Facial Keypoints Detection", or synthetic ones like them.
    Competition(DataDir),
    /// Labelled pictures of the user's own.
    Own(OwnPictures),
}

impl Data {
    /// Reads the labelled pictures.
    ///
    /// # Errors
    /// What is wrong with the files.
    pub fn training(&self) -> anyhow::Result<Dataset> {
        Ok(self.training_and_photo_warnings()?.0)
    }

    /// [`Data::training`], and what looks wrong with the labels before the objects are cut out of their photos. What looks wrong
    /// with the dataset, [`LabelWarning::of`] says.
    ///
    /// # Errors
    /// What is wrong with the files.
    pub fn training_and_photo_warnings(&self) -> anyhow::Result<(Dataset, Vec<LabelWarning>)> {
        match self {
            Self::Competition(folder) => Ok((folder.training()?, Vec::new())),
            Self::Own(pictures) => {
                let (annotations, crops) = pictures.read_and_cut()?;
                Ok((crops.dataset, LabelWarning::of_photos(&annotations)))
            }
        }
    }

    /// [`Data::training`] for a training: says on standard error what looks wrong with the labels.
    ///
    /// # Errors
    /// What is wrong with the files.
    pub fn to_train_on(&self) -> anyhow::Result<Dataset> {
        let (dataset, of_photos) = self.training_and_photo_warnings()?;
        for warning in LabelWarning::of(&dataset).into_iter().chain(of_photos) {
            tell(format_args!("warning: {warning}"));
        }
        Ok(dataset)
    }

    /// The files and folders that are read. Labels that cannot be read name no pictures.
    pub fn files(&self) -> Vec<PathBuf> {
        match self {
            Self::Competition(folder) => folder.files(),
            Self::Own(pictures) => {
                let rows = pictures.annotations().map(|all| all.rows).unwrap_or_default();
                let photos = rows.into_iter().map(|row| row.picture);
                [pictures.path().to_owned()].into_iter().chain(photos).collect()
            }
        }
    }

    /// The competition's folder, for what only the competition has: a test set, a submission, two label sources.
    ///
    /// # Errors
    /// If these are pictures of the user's own.
    pub fn competition(&self) -> anyhow::Result<&DataDir> {
        match self {
            Self::Competition(folder) => Ok(folder),
            Self::Own(pictures) => bail!(
                "{}: labelled pictures, but this needs the files of Kaggle's competition",
                pictures.path().display()
            ),
        }
    }
}

impl DataArgs {
    /// Finds the competition's files or labelled pictures of the user's own. Falls back to synthetic faces where nobody named a
    /// folder and the default one is empty; says so on standard error.
    ///
    /// # Errors
    /// If there are no labels where --data points to, or the synthetic faces cannot be written. What single files lack is said by
    /// whoever reads them.
    pub fn open(&self) -> anyhow::Result<Data> {
        match self.open_files()? {
            Some(data) => Ok(data),
            None => synthetic(&self.data),
        }
    }

    /// [`DataArgs::open`] for verdicts: without synthetic faces, unless --data names their folder.
    ///
    /// # Errors
    /// If there are no labels.
    pub fn open_real(&self) -> anyhow::Result<Data> {
        let path = self.data.display();
        self.open_files()?.with_context(|| {
            format!(
                "{path}: expected the competition's training.csv, test.csv, IdLookupTable.csv or zips of them in this folder, \
                 found none; download them, or name their folder with --data"
            )
        })
    }

    /// What is there; `None` where nobody named a folder and the default one has nothing.
    fn open_files(&self) -> anyhow::Result<Option<Data>> {
        let path = &self.data;
        // `--data data/training.csv` means the folder.
        let folder = match path.is_file() {
            true => path.parent().unwrap_or(Path::new("")),
            false => path,
        };
        let dir = DataDir::new(folder);
        let is_own = self.data_format.is_some() || self.schema.is_some();
        if !is_own && dir.has_some_competition_file() && (path.is_dir() || is_competition(path)) {
            return Ok(Some(Data::Competition(dir)));
        }
        let error = match find(path, self.data_format.as_deref()) {
            Ok(found) => return Ok(Some(Data::Own(OwnPictures::new(self.clone(), found)))),
            Err(error) => anyhow::Error::new(error),
        };
        if let Some(folder) = folder_below(path).filter(|_| !is_own) {
            let (path, folder) = (path.display(), folder.display());
            bail!("{path}: the competition's files are not here, but in {folder}: --data {folder}")
        }
        if path == Path::new(DEFAULT_DATA) && !is_own {
            return Ok(None);
        }
        if !path.exists() {
            bail!("{}: no such file or folder", path.display());
        }
        Err(error.context("neither Kaggle's training.csv nor labelled pictures"))
    }
}

/// Synthetic faces in the folder for data, drawn if need be.
fn synthetic(path: &Path) -> anyhow::Result<Data> {
    let folder = path.join(SYNTHETIC);
    let dir = DataDir::new(&folder);
    if dir.has_competition_files() {
        let (data, folder) = (path.display(), folder.display());
        tell(format_args!(
            "no competition files in {data}: these are the synthetic faces of {folder}"
        ));
    } else {
        let config = SynthConfig::default();
        tell(format_args!(
            "no competition files in {}: drawing {} synthetic training faces and {} test faces in {}",
            path.display(),
            config.training,
            config.test,
            folder.display(),
        ));
        write_files(&generate(&config), &folder, true)
            .with_context(|| format!("cannot write synthetic faces to {}", folder.display()))?;
    }
    Ok(Data::Competition(dir))
}

/// The first folder up to two below this one that has files of the competition. Synthetic ones do not count.
fn folder_below(path: &Path) -> Option<PathBuf> {
    let folders = |path: &Path| {
        let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
        let mut folders: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        folders.retain(|path| path.is_dir() && !path.ends_with(SYNTHETIC));
        folders.sort();
        folders
    };
    let below = folders(path);
    let further = below.iter().flat_map(|path| folders(path));
    let mut all = below.iter().cloned().chain(further);
    all.find(|path| DataDir::new(path).has_some_competition_file())
}

/// Whether a file has the name of one of the competition's.
fn is_competition(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let names = ["training", "test", "idlookuptable", "facial-keypoints-detection"];
    names.iter().any(|one| name.split_once('.').is_some_and(|(stem, _)| stem == *one))
}

#[cfg(test)]
mod tests;
