//! Find rows whose labels are probably wrong.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, ensure};
use clap::Parser;
use keypoints_cli::{DataArgs, draw_suspects, finish, say, suspect_table};
use keypoints_core::Dataset;
use keypoints_study::ensemble::EnsembleRecord;
use keypoints_study::{FolderKind, StudyFolder};
use keypoints_train::label_errors::{SUSPICIOUS_SCORE, Suspect, suspects, write_suspects};
use keypoints_train::{DataRecord, HeldOutPredictions, RunFolder, RunRecord};

/// Ranks rows by how far their labels are from what networks say that never saw the picture, compared with what is usual
/// for the keypoint and the label source. Writes suspicious.csv, which --suspicious and --down-weight of other programs
/// take, and a picture of the worst faces.
#[derive(Parser)]
#[command(name = "label_errors", after_help = "Example: label_errors --run runs/cv --threshold 12")]
struct Args {
    #[command(flatten)]
    data: DataArgs,

    /// The folder of a cross-validation, or any folder with predictions.csv: a run judges the rows that it has held out.
    #[arg(long, value_name = "DIR", default_value = "runs/cv")]
    run: PathBuf,

    /// List rows from this score on: so many usual deviations beyond the usual error.
    #[arg(long, value_name = "SCORE", default_value_t = SUSPICIOUS_SCORE)]
    threshold: f64,

    /// List at most so many rows, the worst ones.
    #[arg(long, value_name = "N")]
    top: Option<usize>,

    /// Draw at most so many faces.
    #[arg(long, value_name = "N", default_value_t = 40)]
    faces: usize,

    /// Where to write. [default: `label_errors` in the folder of --run]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let dataset = args.data.open()?.training()?;
    check_data(&args.run, &dataset)?;
    let predictions =
        HeldOutPredictions::read(dataset.schema(), &args.run.join("predictions.csv"))?;
    let ranked = suspects(&dataset, &predictions)?;
    let most = args.top.unwrap_or(ranked.len());
    let listed: Vec<Suspect> =
        ranked.iter().copied().take(most).take_while(|one| one.score >= args.threshold).collect();
    let shown = &listed[..listed.len().min(args.faces)];
    say(suspect_table(dataset.schema(), shown))?;
    say(format_args!("{} of {} rows are suspicious", listed.len(), ranked.len()))?;
    let folder = args.out.clone().unwrap_or_else(|| args.run.join("label_errors"));
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("{}: cannot create", folder.display()))?;
    let files = draw_suspects(&folder, &dataset, &predictions, shown)?;
    let list = folder.join("suspicious.csv");
    write_suspects(&list, dataset.schema(), &listed)?;
    for file in files.iter().chain([&list]) {
        say(format_args!("wrote {}", file.display()))?;
    }
    Ok(())
}

/// Predictions of other faces would call right labels wrong.
fn check_data(folder: &Path, dataset: &Dataset) -> anyhow::Result<()> {
    let then = match FolderKind::of(folder)? {
        Some(FolderKind::Study) => Some(StudyFolder::open(folder)?.record().data.clone()),
        Some(FolderKind::Run) => Some(RunRecord::read(&RunFolder::new(folder))?.data),
        Some(FolderKind::Ensemble) => EnsembleRecord::read(folder)?.data,
        None => None,
    };
    let Some(then) = then else { return Ok(()) };
    let now = DataRecord::of(dataset);
    ensure!(
        then == now,
        "{}: its predictions are about other data ({} rows, hash {}; now {} rows, hash {}); see --data",
        folder.display(),
        then.rows,
        then.fingerprint,
        now.rows,
        now.fingerprint
    );
    Ok(())
}
