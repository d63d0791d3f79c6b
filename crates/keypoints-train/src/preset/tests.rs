use super::*;

#[test]
fn every_recipe_can_be_followed_and_survives_json() {
    for name in TrainConfig::PRESETS {
        let recipe = TrainConfig::preset(name).unwrap();
        recipe.check().unwrap();
        let text = serde_json::to_string(&recipe).unwrap();
        assert_eq!(serde_json::from_str::<TrainConfig>(&text).unwrap(), recipe, "{name}");
    }
}
