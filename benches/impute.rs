//! How long does it take to fill the gaps of the whole training table?
//!
//! `impute/synthetic` fits and fills 7049 synthetic rows with the real mix of complete and four-point rows;
//! with `KEYPOINTS_KAGGLE_DIR` set, `impute/kaggle` does it with the real ones.

mod common;

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use keypoints_core::Dataset;
use keypoints_data::impute::{Imputer, ImputerConfig, Rows};
use keypoints_data::kaggle::DataDir;
use keypoints_data::synth::{SynthConfig, generate};

fn imputers(criterion: &mut Criterion, name: &str, dataset: &Dataset) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(dataset.len() as u64));
    let rows = Rows::of(dataset);
    for imputer in ImputerConfig::NAMES.iter().filter_map(|name| ImputerConfig::by_name(name)) {
        group.bench_function(imputer.name(), |bencher| {
            bencher.iter(|| imputer.fit(black_box(&rows)).transform(black_box(&rows)));
        });
    }
    group.finish();
}

fn synthetic(criterion: &mut Criterion) {
    let config = SynthConfig { training: 7049, test: 0, ..SynthConfig::default() };
    imputers(criterion, "impute/synthetic", &generate(&config).training);
}

fn kaggle(criterion: &mut Criterion) {
    let Some(folder) = std::env::var_os("KEYPOINTS_KAGGLE_DIR") else { return };
    match DataDir::new(folder).training() {
        Ok(dataset) => imputers(criterion, "impute/kaggle", &dataset),
        Err(error) => eprintln!("impute/kaggle is left out: {error}"),
    }
}

criterion_group! {
    name = benches;
    config = common::criterion();
    targets = synthetic, kaggle
}
criterion_main!(benches);
