//! How well can missing labels be guessed from the labels that are there?

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Parser;
use clap::builder::PossibleValuesParser;
use keypoints_cli::{DataArgs, ImputedFace, draw_imputed_faces, finish, say, tell};
use keypoints_core::{Dataset, Source, hold_out};
use keypoints_data::impute::{
    HiddenLabels, ImputationReport, Imputer, ImputerConfig, Rows, imputation_table,
};

/// Faces per picture.
const FACES: usize = 15;

/// Hides labels of complete faces of training.csv until they look like four-point faces, lets imputers fill the
/// gaps, and prints how far off they are. Draws filled four-point faces with --out.
#[derive(Parser)]
#[command(
    name = "impute",
    after_help = "Example: impute --imputer forward_fill --imputer nearest_rows --json | jq .nearest_rows.rmse"
)]
struct Args {
    #[command(flatten)]
    data: DataArgs,

    /// Share of the pictures to hide labels of, above 0 and below 1.
    #[arg(long, value_name = "SHARE", default_value_t = 0.2)]
    share: f64,

    /// The same seed hides the same rows.
    #[arg(long, value_name = "N", default_value_t = 42)]
    seed: u64,

    /// What fills the gaps; may be given several times. [default: all]
    #[arg(long = "imputer", value_name = "NAME", value_parser = PossibleValuesParser::new(ImputerConfig::NAMES))]
    imputers: Vec<String>,

    /// Print JSON instead of a table.
    #[arg(long)]
    json: bool,

    /// Draw for each imputer some four-point faces with all their gaps filled into this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Args {
    fn imputers(&self) -> Vec<ImputerConfig> {
        let is_wanted =
            |name: &str| self.imputers.is_empty() || self.imputers.iter().any(|one| one == name);
        let names = ImputerConfig::NAMES.iter().filter(|name| is_wanted(name));
        names.filter_map(|name| ImputerConfig::by_name(name)).collect()
    }
}

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let dataset = args.data.open()?.competition()?.training()?;
    let imputers = args.imputers();
    // By whole pictures: a twin of a hidden row would give its labels away.
    let split = hold_out(&dataset, args.share, args.seed)?;
    let hidden = HiddenLabels::in_rows(&dataset, sparsest(&dataset), &split.validation)?;
    let reports: Vec<(&str, ImputationReport)> =
        imputers.iter().map(|imputer| (imputer.name(), hidden.score(imputer))).collect();
    if args.json {
        let reports: BTreeMap<_, _> = reports.into_iter().collect();
        say(serde_json::to_string_pretty(&reports)?)?;
    } else {
        let lines: Vec<_> = reports.iter().map(|(name, report)| (*name, report)).collect();
        say(format_args!("{} rows with hidden labels\n", hidden.rows().len()))?;
        say(imputation_table(&lines))?;
    }
    if let Some(folder) = &args.out {
        for imputer in &imputers {
            for file in draw(imputer, &dataset, folder)? {
                tell(format_args!("wrote {}", file.display()));
            }
        }
    }
    Ok(())
}

/// The label source that marks the fewest points.
fn sparsest(dataset: &Dataset) -> Source {
    let schema = dataset.schema();
    let marked = |source: &Source| {
        schema.keypoints().filter(|&one| schema.source(*source).marks(one)).count()
    };
    schema.source_indices().min_by_key(marked).unwrap_or_default()
}

/// Fills all gaps of the data and draws four-point faces from all over the file.
fn draw(imputer: &ImputerConfig, dataset: &Dataset, folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let labels = dataset.labels();
    let all = Rows::of(dataset);
    let filled = imputer.fit(&all).transform(&all);
    let source = sparsest(dataset);
    let rows: Vec<usize> =
        (0..dataset.len()).filter(|&row| dataset.sources()[row] == source).collect();
    let face = |&row: &usize| ImputedFace {
        row,
        known: labels[row].clone(),
        filled: filled[row].clone(),
        caption: format!("row {}", row + 1),
    };
    let step = (rows.len() / FACES).max(1);
    let faces: Vec<ImputedFace> = rows.iter().step_by(step).take(FACES).map(face).collect();
    let title = format!("Gaps filled by {}", imputer.name());
    draw_imputed_faces(folder, imputer.name(), &title, dataset.pictures(), &faces)
}
