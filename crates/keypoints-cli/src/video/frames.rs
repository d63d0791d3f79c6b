//! The frames of a video.

use std::fs::File;
use std::io::{self, IsTerminal, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use keypoints_files::is_same_file;
use keypoints_image::{Picture, Y4mFrames, shown};

use super::natural::natural;
use crate::photos::{PictureFiles, find_pictures};

/// Frames per second where nobody says.
const USUAL_RATE: f64 = 30.0;

/// The frames of a video: the pictures of a folder in the order of their names (2 before 10), or a YUV4MPEG2 stream.
///
/// A picture that cannot be opened is an error, and the next ones follow. An error of a stream is its last item.
pub struct VideoFrames {
    source: Source,
    rate: f64,
    missing: usize,
}

enum Source {
    Folder(std::vec::IntoIter<PathBuf>),
    Stream { name: String, frames: Y4mFrames<Box<dyn Read>> },
}

impl VideoFrames {
    /// Opens a folder, a pattern of [`find_pictures`] or a stream; without a path, or with `-`, the stream is standard input. `rate`, in
    /// frames per second, is what the stream says or else 30, unless it is given. `drawn` is a folder that is written to.
    ///
    /// # Errors
    /// With the path: nothing is there, a file is no such stream, or `drawn` is the folder itself.
    pub fn open(
        path: Option<&Path>,
        rate: Option<f64>,
        drawn: Option<&Path>,
    ) -> anyhow::Result<Self> {
        let path = path.filter(|path| *path != Path::new("-"));
        let is_pattern = |path: &Path| path.to_string_lossy().contains(['*', '?', '[']);
        let is_pictures = |path: &&Path| path.is_dir() || !path.exists() && is_pattern(path);
        if let Some(pictures) = path.filter(is_pictures) {
            if drawn.is_some_and(|drawn| is_same_file(drawn, pictures)) {
                bail!("{}: the frames come from this folder; draw into another", shown(pictures));
            }
            let PictureFiles { mut files, missing } = find_pictures(&[pictures.to_owned()], drawn)?;
            let name = |file: &PathBuf| file.as_os_str().as_encoded_bytes().to_vec();
            files.sort_by(|one, other| natural(&name(one), &name(other)));
            let source = Source::Folder(files.into_iter());
            return Ok(Self { source, rate: rate.unwrap_or(USUAL_RATE), missing });
        }
        let (name, reader): (String, Box<dyn Read>) = match path {
            Some(path) => {
                let name = shown(path);
                let file = File::open(path).with_context(|| format!("{name}: cannot be read"))?;
                (name, Box::new(file))
            }
            None if io::stdin().is_terminal() => {
                bail!("no video: name a folder of frames or a Y4M file, or pipe a Y4M stream in")
            }
            None => ("standard input".to_owned(), Box::new(io::stdin())),
        };
        let frames = Y4mFrames::new(reader).with_context(|| name.clone())?;
        let rate = rate.or(frames.rate()).unwrap_or(USUAL_RATE);
        Ok(Self { source: Source::Stream { name, frames }, rate, missing: 0 })
    }

    /// Frames per second.
    pub fn rate(&self) -> f64 {
        self.rate
    }

    /// How many frames are left. `None` for a stream.
    pub fn left(&self) -> Option<usize> {
        match &self.source {
            Source::Folder(files) => Some(files.len()),
            Source::Stream { .. } => None,
        }
    }

    /// How many folders and patterns lead to no pictures. Standard error says which.
    pub fn missing(&self) -> usize {
        self.missing
    }

    /// The files of the frames that are left. None for a stream.
    pub fn files(&self) -> &[PathBuf] {
        match &self.source {
            Source::Folder(files) => files.as_slice(),
            Source::Stream { .. } => &[],
        }
    }
}

impl Iterator for VideoFrames {
    type Item = anyhow::Result<Picture>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.source {
            Source::Folder(files) => Some(files.next().map(Picture::open)?.map_err(Into::into)),
            Source::Stream { name, frames } => Some(frames.next()?.with_context(|| name.clone())),
        }
    }
}

#[cfg(test)]
mod tests;
