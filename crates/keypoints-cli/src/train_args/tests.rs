use super::*;
use keypoints_models::compact::CompactConfig;
use keypoints_train::LossConfig;

#[test]
fn flags_take_rate_and_loss_along_unless_a_file_says_them() {
    let folder = tempfile::tempdir().unwrap();
    let gaussian = LossConfig::HeatMapKl { spread: 2.0 };
    let smooth = LossConfig::SmoothL1 { beta: 2.0 };
    let plain = r#"{ "network": { "network": "compact" }, "optimizer": { "kind": "muon" } }"#;
    for (file, network, optimizer, rate, loss) in [
        (None, None, None, 0.02, gaussian),
        (None, None, Some("adamw"), 0.003, gaussian),
        (None, Some("simple_cnn"), None, 0.003, smooth),
        (None, Some("simple_cnn"), Some("adam_w"), 0.003, smooth),
        (Some(r#"{ "preset": "fast" }"#), None, Some("adam"), 0.003, gaussian),
        (Some(r#"{ "preset": "fast", "learning_rate": 0.1 }"#), None, Some("adam"), 0.1, gaussian),
        (Some(plain), None, None, 5e-4 * 20.0 / 3.0, LossConfig::Mse),
        (Some(plain), Some("simple_cnn"), None, 5e-4, LossConfig::Mse),
    ] {
        let config = file.map(|text| {
            let path = folder.path().join("config.json");
            std::fs::write(&path, text).unwrap();
            path
        });
        let [network, optimizer] = [network, optimizer].map(|one| one.map(str::to_owned));
        let args = TrainArgs { config, network, optimizer, ..Default::default() };
        let found = args.config().unwrap();
        assert!((found.learning_rate / rate - 1.0).abs() < 1e-9, "{args:?}: {found:?}");
        assert_eq!(found.loss, loss, "{args:?}");
    }
    let args = TrainArgs {
        preset: Some("best".to_owned()),
        network: Some("compact".to_owned()),
        ..Default::default()
    };
    let wide = CompactConfig { width: 32, ..Default::default() };
    assert_eq!(args.config().unwrap().network, NetworkConfig::CompactNet(wide));
}
