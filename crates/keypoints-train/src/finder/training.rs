//! The rounds of both networks, and their folder.

use std::path::{Path, PathBuf};

use burn::tensor::Device;
use keypoints_finder::networks::{Networks, Proposer, Verifier, WindowNetwork};
use keypoints_finder::planes::Octaves;
use serde::{Deserialize, Serialize};

use super::config::{FinderConfig, RoundsConfig};
use super::draw::{Drawer, Jitter, Shares};
use super::faces::Face;
use super::learn::learn;
use super::mine::{Seen, Taken, believed, proposed};
use crate::error::TrainError;
use crate::files::{read_json, write_file, write_json};
use crate::run::RunFolder;
use crate::seed::{Stream, derive, seeded};

/// What a training of a face finder is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum FinderProgress {
    /// A network learns.
    Step {
        /// Round of the whole training, counted from 1: the proposer's, then the verifier's.
        round: usize,
        /// Steps of the round that are done.
        step: usize,
        /// Mean loss of the last steps.
        loss: f64,
    },
    /// The pictures without faces are searched.
    Searched {
        /// Round of the whole training, counted from 1.
        round: usize,
        /// Pictures that are done.
        pictures: usize,
    },
    /// The search has ended.
    Found {
        /// Round of the whole training, counted from 1.
        round: usize,
        /// Windows that were taken for faces.
        windows: usize,
    },
}

/// Trains the two networks of a [`CascadeFinder`](keypoints_finder::CascadeFinder) on pictures of faces and pictures without any.
///
/// A network first learns faces against random places of the other pictures. Then it looks for faces on these; whatever it finds there is
/// wrong, and is shown to it more often in the next round (Sung and Poggio, "Example-based learning for view-based human face
/// detection", 1998). A window never reaches beyond the inner face: what lies around the pictures' faces is theirs, not every face's.
#[derive(Debug)]
pub struct FinderTraining<'a> {
    /// Settings.
    pub config: FinderConfig,
    /// Pictures of faces.
    pub faces: &'a [Face],
    /// Pictures without a face.
    pub negatives: &'a [Octaves],
}

/// `finder.json`: what decides the result.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Record {
    program_version: String,
    config: FinderConfig,
    faces: usize,
    negatives: usize,
    data: String,
}

impl FinderTraining<'_> {
    /// Trains in a folder, or goes on where a killed process stopped: after the last whole round. The same settings and pictures give the
    /// same networks, to the bit on one kind of processor. `progress` is told of every step.
    ///
    /// The folder holds `finder.json`, `round-1.safetensors` and so on, and in the end `finder.safetensors`, the file for
    /// [`CascadeFinder::open`](keypoints_finder::CascadeFinder::open).
    ///
    /// # Errors
    /// [`TrainError::InvalidConfig`], also without faces or pictures without them,
    /// [`TrainError::RunMismatch`] where the folder is of another training, [`TrainError::FolderInUse`], [`TrainError::Io`],
    /// [`TrainError::Diverged`], [`TrainError::Device`].
    pub fn run(
        &self,
        folder: &Path,
        device: &Device,
        progress: &mut dyn FnMut(FinderProgress),
    ) -> Result<Networks, TrainError> {
        self.config.check()?;
        let needed = |what, count| match count {
            0 => Err(TrainError::InvalidConfig {
                field: what,
                expected: "at least one picture",
                found: "none".to_owned(),
            }),
            _ => Ok(()),
        };
        needed("faces", self.faces.len())?;
        needed("negatives", self.negatives.len())?;
        let lock = RunFolder::new(folder).lock()?;
        self.open(folder)?;
        let (mut done, mut networks) = self.last(folder, device)?;
        let mut state = State::default();
        while done < self.config.rounds() {
            networks = self.round(done, networks, &mut state, device, progress)?;
            done += 1;
            write_file(&round_path(folder, done), &networks.to_bytes(false)?)?;
        }
        write_file(&folder.join("finder.safetensors"), &networks.to_bytes(true)?)?;
        drop(lock);
        Ok(networks)
    }

    /// Writes what the training is, or compares it with what the folder was made with.
    fn open(&self, folder: &Path) -> Result<(), TrainError> {
        let path = folder.join("finder.json");
        let now = Record {
            program_version: env!("CARGO_PKG_VERSION").to_owned(),
            config: self.config.clone(),
            faces: self.faces.len(),
            negatives: self.negatives.len(),
            data: format!("{:016x}", self.fingerprint()),
        };
        if !path.exists() {
            return write_json(&path, &now);
        }
        let then: Record = read_json(&path, "the record of a face finder's training")?;
        let mismatch = |what, expected: String, found: String| {
            Err(TrainError::RunMismatch { path: path.clone(), what, expected, found })
        };
        let text = |config: &FinderConfig| serde_json::to_string(config).unwrap_or_default();
        if then.config != now.config {
            return mismatch("config", text(&now.config), text(&then.config));
        }
        if then.data != now.data {
            return mismatch("set of pictures", now.data, then.data);
        }
        Ok(())
    }

    /// A hash of all pixels.
    fn fingerprint(&self) -> u64 {
        let mut hasher = xxhash_rust::xxh3::Xxh3::new();
        let faces = self.faces.iter().map(|face| &face.octaves);
        for plane in faces.chain(self.negatives).filter_map(|one| one.planes().first()) {
            hasher.update(&plane.width().to_le_bytes());
            for value in plane.values() {
                hasher.update(&value.to_le_bytes());
            }
        }
        hasher.digest()
    }

    /// How many rounds are done, and the networks after them.
    fn last(&self, folder: &Path, device: &Device) -> Result<(usize, Networks), TrainError> {
        for done in (1..=self.config.rounds()).rev() {
            let path = round_path(folder, done);
            if path.exists() {
                return Ok((done, Networks::open(&path, device)?));
            }
        }
        let drawing = seeded(device, derive(self.config.seed, Stream::Weights, 0));
        let networks = Networks::new(device);
        crate::training::materialise(&networks);
        drop(drawing);
        Ok((0, networks))
    }

    /// One round, counted from 0.
    fn round(
        &self,
        round: usize,
        networks: Networks,
        state: &mut State,
        device: &Device,
        progress: &mut dyn FnMut(FinderProgress),
    ) -> Result<Networks, TrainError> {
        let Networks { proposer, verifier } = networks;
        let rounds = self.config.proposer.rounds;
        if let Some(of_verifier) = round.checked_sub(rounds) {
            let proposals = match state.proposals.take() {
                Some(proposals) => proposals,
                None => self.search(&proposer, PROPOSALS, true, round, device, progress)?,
            };
            let mut hard = proposals.clone();
            if of_verifier > 0 {
                let wrong = believed(&verifier, self.negatives, &proposals, BELIEVED, device)?;
                progress(FinderProgress::Found { round: round + 1, windows: wrong.len() });
                hard.extend(std::iter::repeat_n(wrong, AGAIN).flatten());
            }
            let drawer = self.drawer::<Verifier>(&hard, OF_VERIFIER);
            let config = &self.config.verifier;
            let verifier =
                self.learn(verifier, &drawer, config, [round, of_verifier], device, progress)?;
            state.proposals = Some(proposals);
            return Ok(Networks { proposer, verifier });
        }
        let hard = match round {
            0 => Vec::new(),
            _ => self.search(&proposer, LOOKED_AT, false, round, device, progress)?,
        };
        let drawer = self.drawer::<Proposer>(&hard, OF_PROPOSER);
        let config = &self.config.proposer;
        let proposer = self.learn(proposer, &drawer, config, [round, round], device, progress)?;
        Ok(Networks { proposer, verifier })
    }

    fn drawer<'b, N: WindowNetwork>(
        &'b self,
        hard: &'b [Seen],
        (jitter, shares): (Jitter, Shares),
    ) -> Drawer<'b> {
        let Self { faces, negatives, .. } = *self;
        Drawer { faces, negatives, hard, crop: N::CROP, window: N::WINDOW, jitter, shares }
    }

    fn search(
        &self,
        network: &Proposer,
        taken: Taken,
        moved: bool,
        round: usize,
        device: &Device,
        progress: &mut dyn FnMut(FinderProgress),
    ) -> Result<Vec<Seen>, TrainError> {
        let round = round + 1;
        let found = proposed(network, self.negatives, taken, moved, device, &mut |pictures| {
            progress(FinderProgress::Searched { round, pictures });
        })?;
        progress(FinderProgress::Found { round, windows: found.len() });
        Ok(found)
    }

    /// Trains a network for a round: the number in the whole training and in its own, both from 0.
    fn learn<N: WindowNetwork>(
        &self,
        network: N,
        drawer: &Drawer<'_>,
        config: &RoundsConfig,
        [round, own]: [usize; 2],
        device: &Device,
        progress: &mut dyn FnMut(FinderProgress),
    ) -> Result<N, TrainError> {
        let rate = if own == 0 { config.rate } else { config.rate / 2.0 };
        let seed = derive(self.config.seed, Stream::Order, round as u64);
        learn(network.train(), drawer, config, rate, seed, device, &mut |step, loss| {
            progress(FinderProgress::Step { round: round + 1, step, loss });
        })
    }
}

/// What the rounds of one process need not search again.
#[derive(Default)]
struct State {
    proposals: Option<Vec<Seen>>,
}

fn round_path(folder: &Path, done: usize) -> PathBuf {
    folder.join(format!("round-{done}.safetensors"))
}

/// The proposer's places are four pixels of its 24 apart, and its sizes half an octave: a face lies at most half of that beside a window.
const OF_PROPOSER: (Jitter, Shares) = (
    Jitter { shift: 0.12, scale: 0.25, roll: 0.95 },
    Shares { faces: 0.25, beside: 0.1, hard: 0.35 },
);

/// The verifier looks where the proposer says that a face is.
const OF_VERIFIER: (Jitter, Shares) =
    (Jitter { shift: 0.1, scale: 0.2, roll: 0.55 }, Shares { faces: 0.3, beside: 0.1, hard: 0.5 });

/// Windows that the proposer is shown again.
const LOOKED_AT: Taken = Taken { above: 0.0, overlap: 0.7, most: 30 };

/// Windows that the verifier is shown.
const PROPOSALS: Taken = Taken { above: -1.5, overlap: 0.5, most: 60 };

/// Log odds from which the verifier is shown a window more often than others.
const BELIEVED: f32 = -3.0;

/// How many times more often. (Shown these windows alone, it forgot the others: from 0.5 false faces on 100 photos to 35.)
const AGAIN: usize = 10;
