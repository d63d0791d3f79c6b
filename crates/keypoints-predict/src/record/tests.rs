use super::*;
use keypoints_core::{Keypoint, kaggle15};
use keypoints_models::compact::CompactConfig;

/// The record of a network with heat maps of all points.
fn record(schema: Arc<Schema>, pictures: PictureShape) -> ModelRecord {
    let outputs = 2 * schema.len();
    let config = NetworkConfig::CompactNet(CompactConfig { width: 2, ..Default::default() });
    ModelRecord {
        coordinates: schema.coordinates().collect(),
        network: NetworkRecord::of(&config, outputs, pictures),
        heads: Heads::Shared,
        scale: CoordinateScale::centred(pictures.side),
        tta: TestTimeAugmentation { flip_average: true, shift_average: 2 },
        label_shifts: LabelShifts::default(),
        sources: schema.source_indices().collect(),
        training: TrainingRecord { epochs: 3, ..Default::default() },
        crop: None,
        margin: None,
        calibration: None,
        pictures,
        schema,
    }
}

#[test]
fn a_record_says_what_makes_predictions_impossible_to_read() {
    let good = record(Schema::kaggle15(), kaggle15::SHAPE);
    assert_eq!(good.problem(), None);
    let nowhere = CoordinateScale { offset: 48.0, scale: 0.0 };
    let beside = LabelShifts::new(vec![f32::NAN, 1.2]);
    let far = TestTimeAugmentation { flip_average: true, shift_average: 4_000_000_000 };
    let mut turned = good.clone();
    turned.coordinates.swap(0, 1);
    let mut few = good.clone();
    few.coordinates = vec![kaggle15::NOSE_TIP.x()];
    let mut twice = good.clone();
    twice.coordinates[2] = good.coordinates[0];
    twice.coordinates[3] = good.coordinates[1];
    for (bad, problem) in [
        (ModelRecord { scale: nowhere, ..good.clone() }, "offset 48 and scale 0"),
        (ModelRecord { tta: far, ..good.clone() }, "more than 8"),
        (ModelRecord { label_shifts: beside, ..good.clone() }, "NaN pixels"),
        (
            ModelRecord { pictures: PictureShape { side: 96, channels: 2 }, ..good.clone() },
            "its pictures",
        ),
        (turned, "not of x and y of one keypoint"),
        (twice, "it has left_eye_center_x twice"),
        (few, "outputs for 1 coordinates in 1 heads"),
    ] {
        let found = bad.problem().unwrap();
        assert!(found.contains(problem), "{found}");
    }
}

#[test]
fn any_schema_and_shape_read_back() {
    let schema: Schema = serde_json::from_str(
        r#"{ "name": "paw", "keypoints": ["l", "m", "r"], "mirror_pairs": [["l", "r"]],
             "sources": [{ "name": "vet", "weight": 0.25 }, { "name": "owner", "weight": 0.75, "marks": ["m"] }] }"#,
    )
    .unwrap();
    let mut paw = record(Arc::new(schema), PictureShape::colour(64));
    paw.label_shifts = LabelShifts::new(vec![0.0, 1.5]);
    paw.crop = Some(CropTemplate::from_pixels(64, [("l", [3.0, 4.0])]));
    let text = serde_json::to_string(&paw).unwrap();
    assert!(text.contains(r#""coordinates":["l_x","l_y","m_x"#), "{text}");
    assert!(text.contains(r#""label_shifts":{"vet":0.0,"owner":1.5}"#), "{text}");
    assert_eq!(serde_json::from_str::<ModelRecord>(&text).unwrap(), paw);
    let wrong = text.replace(r#""l_x""#, r#""tail_x""#);
    let error = serde_json::from_str::<ModelRecord>(&wrong).unwrap_err().to_string();
    assert!(error.contains("schema `paw` has no coordinate `tail_x`"), "{error}");

    // Nothing of the competition gets into other records.
    paw.crop = None;
    let text = serde_json::to_string(&paw).unwrap();
    assert_eq!(serde_json::from_str::<ModelRecord>(&text).unwrap(), paw);
    for (field, problem) in [("pictures", "no `pictures`"), ("schema", "no schema")] {
        let mut half: serde_json::Value = serde_json::from_str(&text).unwrap();
        half.as_object_mut().unwrap().remove(field);
        let error = serde_json::from_value::<ModelRecord>(half).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
}

#[test]
fn pictures_that_the_network_cannot_be_fed_are_refused() {
    let mut record = record(Schema::kaggle15(), kaggle15::SHAPE);
    let NetworkRecord::Registered(config) = record.network.clone() else { unreachable!() };
    let device = Device::flex();
    record.init(&config, &device).unwrap();
    // The network's side stays 96, as a forged file may have it.
    record.pictures = PictureShape::grey(100);
    let error = record.init(&config, &device).unwrap_err().to_string();
    assert!(error.contains("`image_side` must be a divisor of the pictures' side"), "{error}");
    assert!(error.contains("96 for pictures of 100 pixels"), "{error}");
}

#[test]
fn records_from_before_there_were_schemas_are_the_competitions() {
    let text = r#"{
        "network": { "network": "compact", "outputs": 4, "image_side": 96, "width": 2, "blocks": 1, "head": "heat_map" },
        "coordinates": ["nose_tip_x", "nose_tip_y"], "heads": "per_regime", "scale": { "offset": 48.0, "scale": 48.0 },
        "flip_average": true, "label_shifts": { "full": 0.3, "four_point": 1.2 }, "regimes": ["full", "four_point"],
        "start": null, "rows": 5, "labels": 10, "epochs": 2, "plan": "00"
    }"#;
    let record: ModelRecord = serde_json::from_str(text).unwrap();
    assert_eq!(record.problem(), None);
    assert_eq!((record.schema.name(), record.pictures), ("kaggle-15", kaggle15::SHAPE));
    assert_eq!(record.sources, [kaggle15::FULL, kaggle15::FOUR_POINT]);
    assert_eq!(record.label_shifts, LabelShifts::new(vec![0.3, 1.2]));
    assert_eq!(record.heads, Heads::PerSource);
    assert_eq!(record.coordinates[0].keypoint, Keypoint::new(10));
    assert_eq!(record.crop, Some(kaggle15::crop_template()));
}
