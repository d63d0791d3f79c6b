//! Where the members of an ensemble lie, seen from its folder.

use std::fs;
use std::path::{Component, Path, PathBuf};

use keypoints_train::files::delete;
use keypoints_train::{RunFolder, TrainError};

use super::member::Member;
use super::record::MemberRecord;

/// Where copies of the members go.
const COPIES: &str = "members";
/// Where they are made: a disk that is too small for them costs no older ensemble.
const DRAFT: &str = "members.tmp";

/// Puts finished copies in the place of older ones.
pub(super) fn put_copies(folder: &Path) -> Result<(), TrainError> {
    let copies = folder.join(COPIES);
    delete(&copies)?;
    fs::rename(folder.join(DRAFT), &copies).map_err(TrainError::io(&copies, "write"))
}

/// Where the members' runs lie, or will lie, seen from the folder. If asked for, copies of them are made, for [`put_copies`].
pub(super) fn place(
    members: &[Member],
    folder: &Path,
    copy: bool,
) -> Result<Vec<MemberRecord>, TrainError> {
    let draft = folder.join(DRAFT);
    if copy {
        delete(&draft)?;
    }
    let of_run = |run: &RunFolder, name: String| {
        if !copy {
            return relative(folder, run.path());
        }
        run.copy_to(&RunFolder::new(draft.join(&name)))?;
        Ok(Path::new(COPIES).join(name))
    };
    let of_member = |(member, number): (&Member, usize)| {
        let runs = member.runs.iter().zip(1..);
        let runs = runs.map(|(run, index)| of_run(run, format!("{number}-{index}")));
        Ok(MemberRecord { name: member.name.clone(), runs: runs.collect::<Result<_, _>>()? })
    };
    let placed: Result<Vec<_>, _> = members.iter().zip(1..).map(of_member).collect();
    if copy && placed.is_err() {
        // Give the room back: the disk may be full.
        let _ = fs::remove_dir_all(&draft);
    }
    placed
}

/// The way from one folder to another, both of which exist.
fn relative(from: &Path, to: &Path) -> Result<PathBuf, TrainError> {
    let whole = |path: &Path| path.canonicalize().map_err(TrainError::io(path, "find"));
    let (from, to) = (whole(from)?, whole(to)?);
    let shared = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    if shared == 0 {
        // On another drive: there is no way but the whole one.
        return Ok(to);
    }
    let up = from.components().skip(shared).map(|_| Component::ParentDir);
    Ok(up.chain(to.components().skip(shared)).collect())
}

#[cfg(test)]
mod tests;
