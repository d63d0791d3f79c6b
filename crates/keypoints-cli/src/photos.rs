//! Faces on photos: from a list of files to one document and overlays, a few photos in memory at a time.

mod document;
mod find_pictures;
mod overlay_names;
mod photo_detector;

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use keypoints_detect::{Face, Picture, PictureError};
use keypoints_image::shown;
use keypoints_plot::{FaceMarks, photo_overlay};
use rayon::prelude::*;

use self::document::Document;
pub(crate) use self::document::FaceObject;
pub use self::find_pictures::{PictureFiles, find_pictures};
use self::overlay_names::OverlayNames;
pub use self::photo_detector::PhotoDetector;
use crate::exit::tell;
use crate::progress::LateBar;
use crate::until_closed::UntilClosed;
use crate::write_document::{cannot_write, counted, create_folder, write_document};

/// Photos of a batch per core. More keep the cores busier at its end, and more results wait for a slow photo.
const PER_CORE: usize = 8;

/// What [`predict_photos`] writes, and where.
#[derive(Clone, Debug, Default)]
pub struct PhotoOptions {
    /// `csv`, `json` or a format of [`FORMATS`](keypoints_data::annotations::FORMATS) that takes several objects of one picture.
    pub format: String,
    /// The file for the faces; `None` for standard output.
    pub out: Option<PathBuf>,
    /// A folder for the photos with their faces drawn on them.
    pub overlays: Option<PathBuf>,
    /// Whether a table has columns for uncertainties. JSON always has what the network knows.
    pub uncertainty: bool,
}

/// What [`predict_photos`] has read and found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhotoCounts {
    /// Photos that were read.
    pub photos: usize,
    /// Faces on them.
    pub faces: usize,
    /// Files that could not be opened.
    pub unreadable: usize,
}

impl std::fmt::Display for PhotoCounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { photos, faces, unreadable } = *self;
        write!(f, "{} read, {} found", counted(photos, "photo"), counted(faces, "face"))?;
        match unreadable {
            0 => Ok(()),
            _ => write!(f, ", {} could not be opened", counted(unreadable, "file")),
        }
    }
}

/// Finds the faces of photos and writes them in the order of the files, while the search goes on. What is wrong with a file that cannot
/// be opened is written to standard error, and the others are searched. One photo is searched per core; however many there are, only a few
/// are in memory.
///
/// Text goes out photo by photo. A file is replaced when all photos are done, and stays as it was if none could be opened. An annotation
/// format keeps its rows in memory until then. Where nobody reads standard output any more and no overlays are wanted, the search
/// ends.
///
/// # Errors
/// If the format does not take several faces of one photo or has no file to go to, if there is no face finder or it fails, if the device
/// fails, or with the file that cannot be written. What was found before goes to standard output as a whole document.
pub fn predict_photos(
    detector: &PhotoDetector,
    files: &[PathBuf],
    options: &PhotoOptions,
) -> anyhow::Result<PhotoCounts> {
    let mut document = Document::new(detector, options)?;
    if let Some(folder) = &options.overlays {
        create_folder(folder)?;
    }
    let place = options.out.as_deref().map_or("standard output".to_owned(), shown);
    let search = Search { detector, files, options, place };
    let Some(path) = options.out.as_deref() else {
        return search.run(&mut document, &mut io::stdout());
    };
    if document.is_labels() {
        let counts = search.run(&mut document, &mut io::sink())?;
        if counts.photos > 0 {
            document.write_labels(path)?;
        }
        return Ok(counts);
    }
    let any = |counts: &PhotoCounts| counts.photos > 0;
    write_document(path, any, |to| search.run(&mut document, to))
}

struct Search<'a> {
    detector: &'a PhotoDetector,
    files: &'a [PathBuf],
    options: &'a PhotoOptions,
    /// What is written to, in words.
    place: String,
}

impl Search<'_> {
    fn run(&self, document: &mut Document, to: &mut dyn Write) -> anyhow::Result<PhotoCounts> {
        let mut to = UntilClosed::new(to);
        to.write_all(document.begin().as_bytes())
            .map_err(|error| cannot_write(error, &self.place))?;
        let searched = self.batches(document, &mut to);
        // Also after a failure: what was found is a whole document.
        let ended = to.write_all(document.end().as_bytes()).and_then(|()| to.flush());
        searched.and_then(|counts| match ended {
            Ok(()) => Ok(counts),
            Err(error) => Err(cannot_write(error, &self.place)),
        })
    }

    fn batches(
        &self,
        document: &mut Document,
        to: &mut UntilClosed<'_>,
    ) -> anyhow::Result<PhotoCounts> {
        let folder = self.options.overlays.as_deref();
        let mut names = folder.map(|folder| OverlayNames::new(folder, self.files));
        let mut counts = PhotoCounts::default();
        let bar = LateBar::new(self.files.len(), "photos");
        for batch in self.files.chunks(PER_CORE * rayon::current_num_threads()) {
            let overlays: Vec<Option<PathBuf>> =
                batch.iter().map(|file| names.as_mut().map(|names| names.next(file))).collect();
            let search = |(file, overlay): (&PathBuf, Option<PathBuf>)| {
                let found = self.photo(file, overlay.as_deref());
                bar.inc();
                found
            };
            let jobs = batch.par_iter().zip(overlays).with_max_len(1);
            let found: Vec<_> = jobs.map(search).collect();
            let mut text = String::new();
            let mut failed = None;
            for (file, found) in batch.iter().zip(found) {
                match found {
                    Ok(Ok(faces)) => {
                        counts.photos += 1;
                        counts.faces += faces.len();
                        document.add(&mut text, file, &faces)?;
                    }
                    Ok(Err(error)) => {
                        counts.unreadable += 1;
                        bar.suspend(|| tell(format_args!("error: {error}")));
                    }
                    Err(error) => {
                        failed = Some(error);
                        break;
                    }
                }
            }
            bar.suspend(|| to.write_all(text.as_bytes()).and_then(|()| to.flush()))
                .map_err(|error| cannot_write(error, &self.place))?;
            if let Some(error) = failed {
                return Err(error);
            }
            if to.is_closed() && names.is_none() {
                break;
            }
        }
        Ok(counts)
    }

    /// The faces of a photo, drawn on it if it has an overlay. The inner error is that of a file that cannot be opened.
    fn photo(
        &self,
        file: &Path,
        overlay: Option<&Path>,
    ) -> anyhow::Result<Result<Vec<Face>, PictureError>> {
        let photo = match Picture::open(file) {
            Ok(photo) => photo,
            Err(error) => return Ok(Err(error)),
        };
        let faces = self.detector.find(&photo).with_context(|| shown(file))?;
        if let Some(path) = overlay {
            let mark = |face: &Face| face_marks(face, format!("{:.2}", face.score));
            let marks: Vec<FaceMarks> = faces.iter().map(mark).collect();
            photo_overlay(path, photo.into_image().into_rgb8(), &marks)?;
        }
        Ok(Ok(faces))
    }
}

/// How a face is drawn on its photo.
pub(crate) fn face_marks(face: &Face, caption: String) -> FaceMarks {
    FaceMarks { region: face.region, points: face.points.clone(), caption }
}
