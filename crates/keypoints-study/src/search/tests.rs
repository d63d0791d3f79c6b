//! Spaces, grids, draws and TPE.

use keypoints_train::TrainConfig;
use keypoints_train::settings::Parameters;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use serde_json::{Value, json};

use super::parzen::{decode, encode};
use super::*;

fn grid(spaces: Value) -> Grid {
    Grid::new(&serde_json::from_value(spaces).unwrap()).unwrap()
}

fn samples(parameters: &Value, method: &str, trials: usize, seed: u64) -> Samples {
    let all = json!({ "method": method, "trials": trials, "seed": seed, "parameters": parameters });
    let samples: Samples = serde_json::from_value(all).unwrap();
    samples.check().unwrap();
    samples
}

#[test]
fn reads_all_kinds() {
    let read = |text| serde_json::from_str::<Space>(text);
    assert_eq!(read(r#"{"values":[1,"a"]}"#).unwrap(), Space::Values(vec![json!(1), json!("a")]));
    assert_eq!(read(r#"{"uniform":[0,1]}"#).unwrap(), Space::Uniform([0.0, 1.0]));
    assert_eq!(read(r#"{"integer":[8,64]}"#).unwrap(), Space::Integer([8, 64]));
    let text = read(r#"{"unifrom":[0,1]}"#).unwrap_err().to_string();
    assert!(text.contains("unknown variant `unifrom`") && text.contains("`log_uniform`"));
    assert!(read(r#"{"uniform":[0]}"#).is_err() && read(r#"{"integer":[0.5,2]}"#).is_err());
}

#[test]
fn counts_and_enumerates() {
    let space = Space::Integer([-1, 1]);
    assert_eq!(space.count(), Some(3));
    let all: Vec<Value> = (0..4).filter_map(|index| space.nth(index)).collect();
    assert_eq!(all, [json!(-1), json!(0), json!(1)]);
    assert_eq!(Space::Integer([i64::MIN, i64::MAX]).count(), Some(usize::MAX));
    assert_eq!(Space::Uniform([0.0, 1.0]).nth(0), None);
}

#[test]
fn draws_stay_inside_and_cover() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let mut below = 0;
    for _ in 0..1000 {
        let rate = Space::LogUniform([1e-4, 1e-2]).draw(&mut rng).as_f64().unwrap();
        assert!((1e-4..=1e-2).contains(&rate));
        below += usize::from(rate < 1e-3);
    }
    assert!((400..600).contains(&below), "half of the draws lie in the lower decade: {below}");
    let space = Space::Integer([3, 5]);
    let drawn: Vec<Value> = (0..100).map(|_| space.draw(&mut rng)).collect();
    assert!((3..=5).all(|value| drawn.contains(&json!(value))));
    assert!(drawn.iter().all(|value| (3..=5).contains(&value.as_i64().unwrap())));
}

#[test]
fn refuses_what_has_no_room() {
    let text = |space: Space| space.check("grid.x").unwrap_err().to_string();
    assert_eq!(
        text(Space::Uniform([0.9, 0.5])),
        "`grid.x.uniform` must be two numbers, the lower one first, but is [0.9, 0.5]"
    );
    assert!(text(Space::Uniform([f64::NEG_INFINITY, 0.0])).contains("two numbers"));
    assert!(text(Space::LogUniform([0.0, 1.0])).contains("above 0"));
    assert!(text(Space::Integer([2, 1])).contains("whole numbers"));
    assert!(text(Space::Values(vec![])).contains("at least one"));
    assert!(text(Space::Values(vec![json!(1), json!(2), json!(1)])).contains("1 twice"));
    assert!(Space::Integer([2, 2]).check("grid.x").is_ok());
}

#[test]
fn every_kind_of_value_comes_back() {
    let cases = [
        (Space::Values(vec![json!("a"), json!(2)]), json!(2)),
        (Space::Uniform([0.5, 0.95]), json!(0.95)),
        (Space::Integer([8, 64]), json!(64)),
        (Space::Integer([8, 64]), json!(8)),
    ];
    for (space, value) in cases {
        let number = encode(&space, &value).unwrap();
        assert_eq!(decode(&space, number).unwrap(), value);
    }
    let space = Space::LogUniform([1e-4, 1e-2]);
    for rate in [1e-4, 1e-3, 1e-2] {
        let back = decode(&space, encode(&space, &json!(rate)).unwrap()).unwrap();
        assert!((back.as_f64().unwrap() / rate - 1.0).abs() < 1e-12);
    }
}

#[test]
fn a_grid_has_every_combination_once_in_order() {
    let grid = grid(json!({
        "learning_rate": { "values": [1e-4, 3e-4] },
        "batch_size": { "integer": [4, 6] },
        "network.dropout": { "values": [0.0, 0.5] },
    }));
    assert_eq!(grid.names().len(), 12);
    assert_eq!(grid.names()[11], "0012");
    let all: Vec<[Value; 3]> = (0..12)
        .map(|trial| grid.propose(trial, &[]))
        .map(|p| ["batch_size", "learning_rate", "network.dropout"].map(|name| p[name].clone()))
        .collect();
    let mut expected = Vec::new();
    for batch in 4..=6 {
        for rate in [1e-4, 3e-4] {
            for dropout in [0.0, 0.5] {
                expected.push([json!(batch), json!(rate), json!(dropout)]);
            }
        }
    }
    assert_eq!(all, expected);
}

#[test]
fn random_draws_depend_on_seed_and_number_alone() {
    let parameters = json!({
        "learning_rate": { "log_uniform": [1e-4, 1e-2] },
        "optimizer.beta_1": { "uniform": [0.5, 0.95] },
    });
    let one = samples(&parameters, "random", 20, 3);
    let draws: Vec<Parameters> = (0..20).map(|trial| one.propose(trial, &[])).collect();
    let back: Vec<Parameters> = (0..20).rev().map(|trial| one.propose(trial, &[])).collect();
    assert!(draws.iter().eq(back.iter().rev()));
    for (index, draw) in draws.iter().enumerate() {
        assert!(!draws[..index].contains(draw));
    }
    assert_ne!(samples(&parameters, "random", 20, 4).propose(0, &[]), draws[0]);
}

#[test]
fn tpe_beats_random_draws() {
    let parameters = json!({
        "learning_rate": { "log_uniform": [1e-6, 1.0] },
        "batch_size": { "integer": [8, 64] },
        "network.dropout": { "values": [0.0, 0.25, 0.5] },
    });
    /// Lowest at a rate of .001, batches of 16 and a dropout of .25.
    fn objective(set: &Parameters) -> f64 {
        let value = |name: &str| set[name].as_f64().unwrap();
        let rate = (value("learning_rate") / 1e-3).log10();
        let batch = (value("batch_size") / 16.0).log2();
        rate.powi(2) + 0.5 * batch.powi(2) + 4.0 * (value("network.dropout") - 0.25).abs()
    }
    let best = |method: &str, seed: u64| {
        let samples = samples(&parameters, method, 40, seed);
        let mut tried: Vec<Tried> = Vec::new();
        for trial in 0..40 {
            let set = samples.propose(trial, &tried);
            let score = Some(objective(&set));
            tried.push(Tried { trial, set, score, ended: true });
        }
        tried.iter().filter_map(|one| one.score).fold(f64::INFINITY, f64::min)
    };
    let sorted = |method: &str| {
        let mut all: Vec<f64> = (1..=21).map(|seed| best(method, seed)).collect();
        all.sort_by(f64::total_cmp);
        all
    };
    let (drawn, chosen) = (sorted("random"), sorted("tpe"));
    let better = chosen.iter().filter(|&&score| score < drawn[10]).count();
    assert!(chosen[10] < drawn[10], "tpe {} against random {}", chosen[10], drawn[10]);
    assert!(better >= 14, "{better} of 21 searches beat the random median");
}

#[test]
fn refuses_searches_that_make_no_sense() {
    let refused = |spaces: Value| Grid::new(&serde_json::from_value(spaces).unwrap()).unwrap_err();
    assert_eq!(
        refused(json!({ "learning_rate": { "uniform": [1e-4, 1e-2] } })).to_string(),
        "`grid.learning_rate` must be `values` or `integer`, because a grid needs single values (or use \
         `samples`), but is {\"uniform\":[0.0001,0.01]}"
    );
    let many = refused(json!({ "batch_size": { "integer": [1, 100_000] } })).to_string();
    assert!(many.contains("at most 9999 combinations"), "{many}");
    let nested = refused(json!({
        "optimizer": { "values": [{ "kind": "adam" }] },
        "optimizer.beta_1": { "values": [0.9] },
    }));
    assert_eq!(
        nested.to_string(),
        "`grid.optimizer.beta_1` must be outside of the other parameters; vary only one of the two, but is inside `grid.optimizer`"
    );
    let rate = json!({ "learning_rate": { "uniform": [1e-4, 1e-2] } });
    let good = samples(&rate, "tpe", 5, 1);
    let text = |samples: Samples| samples.check().unwrap_err().to_string();
    let none = Samples { trials: 0, ..good.clone() };
    assert_eq!(text(none), "`samples.trials` must be 1 to 9999, but is 0");
    let startup = Samples { startup: 0, ..good.clone() };
    assert_eq!(text(startup), "`samples.startup` must be at least 1, but is 0");
    let empty = Samples { parameters: Spaces::new(), ..good };
    assert!(text(empty).contains("`samples.parameters` must be at least one path"));
}

#[test]
fn the_base_is_a_trial_unless_a_change_leaves_it_as_it_is() {
    let base = TrainConfig::default();
    let change = |name: &str, path: &str, value: Value| Change {
        name: name.to_owned(),
        set: Parameters::from([(path.to_owned(), value)]),
    };
    let small = change("small", "batch_size", json!(8));
    let named = Named::new(&base, std::slice::from_ref(&small)).unwrap();
    assert_eq!(
        (named.names(), named.reference.as_str()),
        (vec!["base".into(), "small".into()], "base")
    );
    let same = change("as it is", "batch_size", json!(base.batch_size));
    let named = Named::new(&base, &[small.clone(), same]).unwrap();
    assert_eq!((named.names().len(), named.reference.as_str()), (2, "as it is"));
    // The seed of a cell is the study's, unless a change is another seed.
    let seed = change("another seed", "seed", json!(base.seed));
    assert_eq!(Named::new(&base, &[seed]).unwrap().reference, "base");
    for (name, wanted) in [("base", "and not `base`, but is base"), ("a/b", "but is a/b")] {
        let error = Named::new(&base, &[change(name, "batch_size", json!(8))]).unwrap_err();
        assert!(error.to_string().contains(wanted), "{error}");
    }
    let twice = Named::new(&base, &[small.clone(), small]).unwrap_err().to_string();
    assert!(twice.contains("`small` twice"), "{twice}");
}
