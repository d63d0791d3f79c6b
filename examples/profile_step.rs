//! Where does the time of a training step go?

use std::alloc::{GlobalAlloc, Layout, System};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context, bail};
use burn::module::Module;
use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::{Device, Distribution, Tensor};
use clap::builder::PossibleValuesParser;
use clap::{Parser, ValueEnum};
use keypoints_cli::{finish, keep_freed_memory, optimizer_names, say};
use keypoints_core::{PictureShape, REFERENCE_SIDE, Schema};
use keypoints_kernels::{Precision, with_precision, without_kernels};
use keypoints_models::{KeypointNetwork, Network, NetworkConfig};
use keypoints_train::{OptimizerConfig, masked_mse};

/// Counts the blocks that are large enough for maps, and their bytes.
struct Counting;

/// In bytes: what a map of 24×24 values has in 32 channels or pictures.
const LARGE: usize = 72 * 1024;
static BLOCKS: AtomicU64 = AtomicU64::new(0);
static BYTES: AtomicU64 = AtomicU64::new(0);

#[global_allocator]
static COUNTING: Counting = Counting;

// SAFETY: everything is passed on to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        count(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count(size);
        // SAFETY: the caller's promise.
        unsafe { System.realloc(block, layout, size) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(block, layout) }
    }
}

fn count(size: usize) {
    if size >= LARGE {
        BLOCKS.fetch_add(1, Ordering::Relaxed);
        BYTES.fetch_add(size as u64, Ordering::Relaxed);
    }
}

/// Blocks and bytes so far.
fn counted() -> [u64; 2] {
    [&BLOCKS, &BYTES].map(|counter| counter.load(Ordering::Relaxed))
}

/// Times the parts of training steps on the CPU, with this project's kernels, with them in bf16, and with Burn's own
/// operations, in turns, beside a large matrix product, which is about what the processor can do at best; and counts the
/// blocks of memory that a step asks for and that are large enough for maps.
///
/// With one of them alone (--only) it is a program for a profiler to watch.
#[derive(Parser)]
#[command(
    name = "profile_step",
    after_help = "Example: profile_step --network simple_cnn --batch 32 --turns 5"
)]
struct Args {
    /// Which network.
    #[arg(long, value_name = "NAME", default_value = "compact", value_parser = PossibleValuesParser::new(NetworkConfig::NAMES))]
    network: String,

    /// Channels of the compact network's largest maps, if not its default.
    #[arg(long, value_name = "N")]
    width: Option<usize>,

    /// What makes steps of gradients.
    #[arg(long, value_name = "NAME", default_value = "adam_w", value_parser = optimizer_names())]
    optimizer: String,

    /// Faces per step.
    #[arg(long, value_name = "N", default_value_t = 64)]
    batch: usize,

    /// Steps that are measured, after one that is not.
    #[arg(long, value_name = "N", default_value_t = 5)]
    turns: usize,

    /// Width and height of the faces.
    #[arg(long, value_name = "N", default_value_t = REFERENCE_SIDE)]
    side: usize,

    /// Points that the network finds.
    #[arg(long, value_name = "N", default_value_t = Schema::kaggle15().len())]
    points: usize,

    /// Measure only these operations.
    #[arg(long, value_enum)]
    only: Option<Kind>,
}

/// Whose operations compute.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// This project's kernels.
    Ours,
    /// The same, convolutions multiplying in bf16 where the processor has AMX.
    Bf16,
    /// Burn's own.
    Burn,
}

impl Kind {
    fn run<T>(self, step: impl FnOnce() -> T) -> T {
        match self {
            Self::Ours => step(),
            Self::Bf16 => with_precision(Precision::Bf16, step),
            Self::Burn => without_kernels(step),
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::Bf16 => "ours, bf16",
            Self::Burn => "Burn's",
        }
    }
}

const PARTS: [&str; 4] = ["forward, not learning", "forward", "backward", "optimizer"];

fn main() -> ExitCode {
    finish(run(&Args::parse()))
}

fn run(args: &Args) -> anyhow::Result<()> {
    // As the other programs do.
    keep_freed_memory();
    let device = Device::flex();
    device.seed(1);
    let side = 2048;
    let a = Tensor::<2>::random([side, side], Distribution::Default, &device);
    let product = || {
        let clock = Instant::now();
        drop(a.clone().matmul(a.clone()));
        clock.elapsed().as_secs_f64()
    };
    let best = (0..5).map(|_| product()).fold(f64::INFINITY, f64::min);
    say(format_args!("{side}³ product: {:.0} GFLOP/s", 2e-9 * (side as f64).powi(3) / best))?;

    let every = [Kind::Ours, Kind::Bf16, Kind::Burn];
    let kinds = args.only.map_or_else(|| every.to_vec(), |one| vec![one]);
    let (batch, side) = (args.batch, args.side);
    let images = Tensor::<4>::random([batch, 1, side, side], Distribution::Default, &device);
    let outputs = 2 * args.points;
    let config = NetworkConfig::by_name(&args.network)?.with_outputs(outputs);
    let mut config = config.with_pictures(PictureShape::grey(side));
    if let Some(width) = args.width {
        match &mut config {
            NetworkConfig::CompactNet(config) => config.width = width,
            _ => bail!("--width is the compact network's, found {}", args.network),
        }
    }
    let mut network = config.init(&device.autodiff())?;
    let optimizer = OptimizerConfig::by_name(&args.optimizer).context("--optimizer")?;
    let mut optimizers: Vec<_> = kinds.iter().map(|_| optimizer.init()).collect();
    let mut seconds = vec![[const { Vec::new() }; PARTS.len()]; kinds.len()];
    let mut asked = vec![[0; 2]; kinds.len()];
    for turn in 0..=args.turns {
        let tools = optimizers.iter_mut().zip(&mut asked);
        for ((kind, (optimizer, asked)), seconds) in kinds.iter().zip(tools).zip(&mut seconds) {
            let (next, laps, blocks) = kind.run(|| step(network, &images, outputs, optimizer));
            (network, *asked) = (next, blocks);
            if turn > 0 {
                seconds.iter_mut().zip(laps).for_each(|(all, lap)| all.push(lap));
            }
        }
    }

    let (network, turns) = (&args.network, args.turns);
    say(format_args!(
        "{network}, {side}×{side}, batch {batch}, medians of {turns} turns, milliseconds"
    ))?;
    let medians: Vec<_> = seconds.into_iter().map(|parts| parts.map(median)).collect();
    let line = |label: &str, cells: Vec<String>| {
        let cells: String = cells.iter().map(|cell| format!("{cell:>12}")).collect();
        say(format_args!("{label:24}{cells}"))
    };
    line("", kinds.iter().map(|kind| kind.label().to_owned()).collect())?;
    for (part, label) in PARTS.into_iter().enumerate() {
        line(label, medians.iter().map(|all| format!("{:.1}", 1e3 * all[part])).collect())?;
    }
    let steps: Vec<f64> = medians.iter().map(|all| all[1..].iter().sum()).collect();
    line("step", steps.iter().map(|step| format!("{:.1}", 1e3 * step)).collect())?;
    line("images/s", steps.iter().map(|step| format!("{:.0}", batch as f64 / step)).collect())?;
    line("large blocks", asked.iter().map(|[blocks, _]| blocks.to_string()).collect())?;
    let mebibytes = |bytes: u64| format!("{:.0}", bytes as f64 / f64::from(1 << 20));
    line("MiB in them", asked.iter().map(|&[_, bytes]| mebibytes(bytes)).collect())?;
    Ok(())
}

/// A forward pass without learning, then a step of training. Returns the network, the seconds of each part, and how many large blocks and bytes in
/// them the training asked for.
fn step(
    network: Network,
    images: &Tensor<4>,
    outputs: usize,
    optimizer: &mut ModuleOptimizer,
) -> (Network, [f64; PARTS.len()], [u64; 2]) {
    let answers = [images.dims()[0], outputs];
    let targets = Tensor::<2>::zeros(answers, &images.device()).autodiff();
    let mask = Tensor::<2>::ones(answers, &images.device()).autodiff();
    let mut laps = [0.0; PARTS.len()];
    let mut clock = Instant::now();
    let mut lap = |part: usize| {
        laps[part] = clock.elapsed().as_secs_f64();
        clock = Instant::now();
    };
    drop(network.valid().forward(images.clone()));
    lap(0);
    let before = counted();
    let loss = masked_mse(network.forward(images.clone().autodiff()), targets, mask);
    lap(1);
    let gradients = GradientsParams::from_grads(loss.backward(), &network);
    lap(2);
    let network = optimizer.step(1e-4, network, gradients);
    lap(3);
    let after = counted();
    (network, laps, [after[0] - before[0], after[1] - before[1]])
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}
