//! Where the members of an ensemble lie, seen from its folder.

use std::fs;
use std::path::Path;

use keypoints_train::files::delete;
use keypoints_train::{RunFolder, TrainError};

use super::copy::{copy_run, relative};
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
    if !copy {
        return members
            .iter()
            .map(|member| {
                let runs = member.runs.iter().map(|run| relative(folder, run.path()));
                Ok(MemberRecord {
                    name: member.name.clone(),
                    runs: runs.collect::<Result<_, _>>()?,
                })
            })
            .collect();
    }
    let draft = folder.join(DRAFT);
    delete(&draft)?;
    let copied = copies(members, &draft);
    if copied.is_err() {
        // Give the room back: the disk may be full.
        let _ = fs::remove_dir_all(&draft);
    }
    copied
}

/// Copies the members' runs into a folder; says where they will lie.
fn copies(members: &[Member], draft: &Path) -> Result<Vec<MemberRecord>, TrainError> {
    let mut records = Vec::new();
    for (number, member) in members.iter().enumerate() {
        let mut runs = Vec::new();
        for (index, run) in member.runs.iter().enumerate() {
            let name = format!("{}-{}", number + 1, index + 1);
            copy_run(run, &RunFolder::new(draft.join(&name)))?;
            runs.push(Path::new(COPIES).join(name));
        }
        records.push(MemberRecord { name: member.name.clone(), runs });
    }
    Ok(records)
}
