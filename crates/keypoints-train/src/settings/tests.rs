//! Settings read, changed and compared.

use keypoints_models::NetworkConfig;
use serde_json::{Value, json};

use super::path::{first_lost, get, set};
use super::*;
use crate::augment::AugmentConfig;
use crate::checkpoint::Checkpoint;
use crate::config::TrainConfig;
use crate::loss::LossConfig;
use crate::optimizer::OptimizerConfig;
use crate::schedule::Schedule;

fn with(name: &str, value: Value) -> Result<TrainConfig, SettingsError> {
    assign(&TrainConfig::default(), &Parameters::from([(name.to_owned(), value)]))
}

fn fast() -> TrainConfig {
    TrainConfig::preset("fast").unwrap()
}

fn read(settings: Value) -> TrainConfig {
    TrainConfig::from_json(&settings.to_string()).unwrap()
}

#[test]
fn a_recipe_but_for_what_is_said() {
    let config = read(json!({ "preset": "fast", "epochs": 3 }));
    assert_eq!(config, TrainConfig { epochs: 3, ..fast() });
    let plain = json!({ "epochs": 3 });
    assert_eq!(TrainConfig { epochs: 3, ..Default::default() }, read(plain));

    // What is nested is the recipe's, too.
    let config = read(json!({ "preset": "fast", "augment": { "rotation": 10 } }));
    let augment = AugmentConfig { rotation: 10.0, ..fast().augment };
    assert_eq!(config, TrainConfig { augment, ..fast() });
    let config = read(json!({ "preset": "fast", "optimizer": { "weight_decay": 0.3 } }));
    let optimizer = fast().optimizer.with_weight_decay(0.3);
    assert_eq!(config, TrainConfig { optimizer, ..fast() });
}

#[test]
fn what_has_to_go_along_does_unless_it_is_said() {
    let adam = read(json!({ "preset": "fast", "optimizer": { "kind": "adam_w" } }));
    let adam_w = OptimizerConfig::adam_w().with_weight_decay(0.05);
    assert_eq!(adam, fast().with_optimizer(adam_w));
    let simple = read(json!({ "preset": "fast", "network": { "network": "simple_cnn" } }));
    assert_eq!(simple, fast().with_network(NetworkConfig::by_name("simple_cnn").unwrap()));
    let said = read(json!({
        "preset": "fast", "network": { "network": "simple_cnn" }, "loss": { "kind": "mse" }, "learning_rate": 0.5,
    }));
    assert_eq!((said.loss, said.learning_rate), (LossConfig::Mse, 0.5));
    // Without a recipe it is the notebook's.
    let changes = json!({ "network": { "network": "compact" }, "optimizer": { "kind": "muon" } });
    let mut named = changes.clone();
    named["preset"] = json!("notebook");
    let compact = NetworkConfig::by_name("compact").unwrap();
    let wanted =
        TrainConfig::default().with_network(compact).with_optimizer(OptimizerConfig::muon());
    assert_eq!((read(changes), read(named)), (wanted.clone(), wanted));
}

#[test]
fn says_which_field_is_wrong() {
    let error = |text: &str| TrainConfig::from_json(text).unwrap_err().to_string();
    let presets = TrainConfig::PRESETS.join(", ");
    let unknown_preset = format!("`preset`: expected one of {presets}, found \"slow\"");
    for (found, wanted) in [
        (error(r#"{ "preset": "slow" }"#), &*unknown_preset),
        (error(r#"{ "preset": 3 }"#), "found 3"),
        (error(r#"{ "preset": "fast", "epoch": 3 }"#), "`epoch`: unknown field `epoch`"),
        (error(r#"{ "preset": "fast", "epochs": "8" }"#), "`epochs`: invalid type"),
        (
            error(r#"{ "preset": "fast", "optimizer": { "kind": "muon", "rate": 1 } }"#),
            "`optimizer` has no `rate`",
        ),
    ] {
        assert!(found.contains(wanted), "{found}");
    }
}

#[test]
fn reads_and_replaces() {
    let mut root = json!({ "a": { "b": [1, 2], "c": null }, "d": 3 });
    assert_eq!(get(&root, "d").unwrap(), &json!(3));
    assert_eq!(get(&root, "a.b.1").unwrap(), &json!(2));
    set(&mut root, "a.b.1", json!(7));
    set(&mut root, "a.c", json!("x"));
    set(&mut root, "a.nowhere.x", json!(1));
    assert_eq!(root, json!({ "a": { "b": [1, 7], "c": "x" }, "d": 3 }));
}

#[test]
fn says_where_a_path_ends() {
    let root = json!({ "a": { "b": [1, 2], "c": null } });
    let text = |path| get(&root, path).unwrap_err().to_string();
    assert_eq!(text("x"), "`x`: the config has no `x`; it has a");
    assert_eq!(text("a.x"), "`a.x`: `a` has no `x`; it has b, c");
    assert_eq!(text("a.b.2"), "`a.b.2`: `a.b` has no `2`; it has 0, 1");
    assert_eq!(text("a.c.d"), "`a.c.d`: `a.c` has no `d`; it has no fields");
    assert_eq!(text(""), "``: the config has no ``; it has a");
}

#[test]
fn finds_what_was_lost_and_what_differs() {
    let kept = json!({ "a": { "b": 1, "c": 2 } });
    assert!(first_lost(&json!({ "a": { "b": 5 } }), &kept, "").is_ok());
    let lost = first_lost(&json!({ "a": { "d": 5 } }), &kept, "base").unwrap_err();
    assert_eq!(lost.to_string(), "`base.a.d`: `base.a` has no `d`; it has b, c");
    let kept_list = json!({ "list": [{ "b": 1 }, { "b": 2 }] });
    let lost = first_lost(&json!({ "list": [{ "b": 1 }, { "d": 2 }] }), &kept_list, "");
    assert_eq!(lost.unwrap_err().to_string(), "`list.1.d`: `list.1` has no `d`; it has b");
    let list = first_lost(&json!({ "a": [1, 2] }), &kept, "").unwrap_err().to_string();
    assert_eq!(list, "`a`: expected an object with any of b, c, found [1,2]");

    assert_eq!(first_difference(&kept, &kept, ""), None);
    let other = json!({ "a": { "b": 1, "c": 3 } });
    let difference = first_difference(&kept, &other, "").unwrap();
    assert_eq!(difference, ("a.c".to_owned(), json!(2), json!(3)));
    let missing = first_difference(&json!({}), &json!({ "x": 1 }), "").unwrap();
    assert_eq!(missing, ("x".to_owned(), Value::Null, json!(1)));
}

#[test]
fn every_kind_of_field_can_be_set() {
    assert_eq!(with("learning_rate", json!(0.01)).unwrap().learning_rate, 0.01);
    assert_eq!(with("epochs", json!(3)).unwrap().epochs, 3);
    assert_eq!(with("early_stopping", json!(4)).unwrap().early_stopping, Some(4));
    assert_eq!(with("early_stopping", json!(null)).unwrap().early_stopping, None);
    let NetworkConfig::SimpleCnn(network) = with("network.dropout", json!(0.5)).unwrap().network
    else {
        panic!("another network")
    };
    assert_eq!(network.dropout, 0.5);
    let config = with("network.channels.1", json!(7)).unwrap();
    let NetworkConfig::SimpleCnn(network) = config.network else { panic!("another network") };
    assert_eq!(network.channels, [64, 7, 256]);
    let optimizer = with("optimizer.beta_1", json!(0.5)).unwrap().optimizer;
    let OptimizerConfig::Adam { beta_1, beta_2, .. } = optimizer else { panic!("not Adam") };
    assert_eq!((beta_1, beta_2), (0.5, 0.999));
    let schedule = with("schedule.rise", json!(0.1)).unwrap().schedule;
    assert_eq!(schedule, Schedule::OneCycle { rise: 0.1 });
    // A whole nested value, and the tag alone.
    let schedule = with("schedule", json!({ "kind": "cosine", "warmup": 0.2 })).unwrap().schedule;
    assert_eq!(schedule, Schedule::Cosine { warmup: 0.2 });
    let optimizer = with("optimizer.kind", json!("adam_w")).unwrap().optimizer;
    assert!(matches!(optimizer, OptimizerConfig::AdamW { .. }));
}

#[test]
fn rate_and_loss_go_along_unless_they_are_named() {
    let base = TrainConfig::preset("fast").unwrap();
    let set = |pairs: &[(&str, Value)]| {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone()));
        assign(&base, &pairs.collect()).unwrap()
    };
    let simple = ("network", json!({ "network": "simple_cnn" }));
    let config = set(std::slice::from_ref(&simple));
    let network = NetworkConfig::by_name("simple_cnn").unwrap();
    assert_eq!(config, base.clone().with_network(network));
    let config = set(&[simple, ("learning_rate", json!(0.5))]);
    assert_eq!(config.learning_rate, 0.5);
    let adam = json!({ "kind": "adam_w" });
    assert!((set(&[("optimizer", adam)]).learning_rate - 0.003).abs() < 1e-9);
}

#[test]
fn what_was_not_named_stays() {
    let config = with("optimizer.beta_1", json!(0.5)).unwrap();
    let rest = TrainConfig { optimizer: TrainConfig::default().optimizer, ..config };
    assert_eq!(rest, TrainConfig::default());
}

#[test]
fn what_cannot_be_is_refused_with_its_name() {
    let text = |name, value| with(name, value).unwrap_err().to_string();
    let unknown = text("optimizer.beta1", json!(0.5));
    assert!(unknown.starts_with("`optimizer.beta1`: `optimizer` has no `beta1`; it has"));
    assert!(unknown.contains("beta_1") && unknown.contains("kind"));
    let kind = text("batch_size", json!(1.5));
    assert!(kind.starts_with("`batch_size` = 1.5 is refused: invalid type"), "{kind}");
    assert_eq!(
        text("batch_size", json!(0)),
        "`batch_size` = 0 is refused: `batch_size` must be at least 1, but is 0"
    );
    let lost = text("schedule", json!({ "kind": "cosine", "warmup": 0.1, "rise": 0.3 }));
    assert!(lost.contains("`schedule` has no `rise`"), "{lost}");
    assert!(text("network.network", json!("nothing")).contains("unknown variant"));
}

#[test]
fn values_read_well() {
    let cases = [
        (json!(3e-4), "3e-4"),
        (json!(0.000_418_273), "4.183e-4"),
        (json!(0.9), "0.9"),
        (json!(0.0), "0"),
        (json!(64), "64"),
        (json!("adam"), "adam"),
        (json!(null), "null"),
        (json!({ "kind": "constant" }), r#"{"kind":"constant"}"#),
    ];
    for (value, text) in cases {
        assert_eq!(short(&value), text);
    }
}

#[test]
fn settings_of_an_older_version_are_read() {
    let old =
        json!({ "trunk_rate": 0.5, "answering_epoch": "last", "progressive": null, "epochs": 3 });
    let config = read(old);
    assert_eq!((config.backbone_rate, config.checkpoint), (0.5, Checkpoint::Last));
    let error = |old: Value| TrainConfig::from_json(&old.to_string()).unwrap_err().to_string();
    let side = error(json!({ "preset": "fast", "progressive": { "side": 48, "share": 0.5 } }));
    assert!(
        side.starts_with("`progressive`: training on smaller pictures first was removed"),
        "{side}"
    );
    let taught = error(json!({ "strategy": { "strategy": "self_training" } }));
    assert!(taught.contains("`self_training` was removed"), "{taught}");
}
