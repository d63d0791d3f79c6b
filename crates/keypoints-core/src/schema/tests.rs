use super::*;

fn read(text: &str) -> Result<Schema, serde_json::Error> {
    serde_json::from_str(text)
}

#[test]
fn every_builtin_schema_reads_back_from_its_own_json() {
    for name in BUILTIN_SCHEMAS {
        let schema = Schema::builtin(name).unwrap();
        assert_eq!(schema.name(), name);
        let text = serde_json::to_string(&*schema).unwrap();
        assert_eq!(read(&text).unwrap(), *schema);
        for keypoint in schema.keypoints() {
            let partner = schema.mirrored(keypoint).unwrap();
            assert_eq!(schema.mirrored(partner), Some(keypoint));
            // A point named left has its partner named right.
            let name = schema.name_of(keypoint);
            if name.contains("left") {
                assert_eq!(schema.name_of(partner), name.replace("left", "right"));
            } else if !name.contains("right") {
                assert_eq!(partner, keypoint, "{name}");
            }
        }
        let [one, other] = schema.unit().unwrap();
        assert_eq!(schema.mirrored(one), Some(other));
    }
}

#[test]
fn names_of_coordinates_read_back() {
    let schema = Schema::kaggle15();
    let names = schema.coordinate_names();
    assert_eq!((names[0].as_str(), names[3].as_str()), ("left_eye_center_x", "right_eye_center_y"));
    assert_eq!(names[29], "mouth_center_bottom_lip_y");
    for (name, coordinate) in names.iter().zip(schema.coordinates()) {
        assert_eq!(schema.coordinate(name), Some(coordinate));
    }
    for name in ["", "_x", "nose_tip", "nose_tip_z", "Nose_tip_x", "nose_tip_x "] {
        assert_eq!(schema.coordinate(name), None, "{name:?}");
    }
}

#[test]
fn a_point_that_a_source_never_marks_is_asked_of_another() {
    let schema = Schema::kaggle15();
    let [full, four] = [Source::new(0), Source::new(1)];
    let [nose, corner] = ["nose_tip", "mouth_left_corner"].map(|one| schema.keypoint(one).unwrap());
    assert_eq!(schema.source_for(four, nose), four);
    assert_eq!(schema.source_for(four, corner), full);
    assert_eq!(schema.source_for(full, corner), full);
}

#[test]
fn schemas_without_mirror_unit_or_sources_say_nothing_of_them() {
    let schema = read(r#"{ "name": "a", "keypoints": ["one", "two"] }"#).unwrap();
    assert!(!schema.has_mirror() && schema.unit().is_none() && schema.weights().is_none());
    assert_eq!(schema.mirrored(Keypoint::new(0)), None);
    assert_eq!(schema.sources()[0].name(), LabelSource::UNNAMED);
    assert_eq!(schema.sources()[0].title(), LabelSource::UNNAMED);
    let text = serde_json::to_string(&schema).unwrap();
    assert_eq!(text, r#"{"name":"a","keypoints":["one","two"]}"#);
}

#[test]
fn a_wrong_schema_is_refused_with_its_fault() {
    let of = |fields: &str| {
        let text = format!(r#"{{ "name": "a", "keypoints": ["l", "m", "r"], {fields} }}"#);
        read(&text).unwrap_err().to_string()
    };
    for (fields, message) in [
        (
            r#""mirror_pairs": [["l", "x"]]"#,
            "`mirror_pairs` names `x`, which is not in `keypoints`",
        ),
        (r#""mirror_pairs": [["l", "l"]]"#, "`l` and `l` are no mirror pair"),
        (r#""mirror_pairs": [["l", "r"], ["m", "r"]]"#, "`m` and `r` are no mirror pair"),
        (r#""unit": ["l", "l"]"#, "the unit needs two points, but both are `l`"),
        (r#""sources": [{ "name": "a" }, { "name": "a" }]"#, "two sources are called `a`"),
        (r#""sources": [{ "name": "a", "weight": 0.5 }, { "name": "b" }]"#, "add up to 1"),
        (r#""sources": [{ "name": "a", "weight": 2 }, { "name": "b", "weight": -1 }]"#, "positive"),
        (r#""sources": [{ "name": "a", "marks": ["x"] }]"#, "`marks` names `x`"),
        (r#""unknown": 1"#, "unknown field `unknown`"),
    ] {
        let error = of(fields);
        assert!(error.contains(message), "{error}");
    }
    for (keypoints, message) in [
        ("", "1 to 4096 keypoints, but this one has 0"),
        (r#""a", "a""#, "two keypoints are called `a`"),
        (r#""a,b""#, "cannot be the name of a keypoint"),
        (r#""""#, "cannot be the name of a keypoint"),
    ] {
        let error = read(&format!(r#"{{ "name": "a", "keypoints": [{keypoints}] }}"#)).unwrap_err();
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[test]
fn guesses_know_the_sides_that_names_have() {
    let schema = Schema::guess(
        "cat",
        ["LeftEye", "RightEye", "Mouth", "ear-L1", "ear-R1", "ear-L2", "ear-R2", "upright"],
    );
    let schema = schema.unwrap();
    let partner = |name: &str| {
        let partner = schema.mirrored(schema.keypoint(name).unwrap()).unwrap();
        schema.name_of(partner).to_owned()
    };
    assert_eq!(partner("LeftEye"), "RightEye");
    assert_eq!((partner("ear-L1"), partner("ear-R2")), ("ear-R1".into(), "ear-L2".into()));
    assert_eq!((partner("Mouth"), partner("upright")), ("Mouth".into(), "upright".into()));
    let unit = schema.unit().unwrap().map(|one| schema.name_of(one));
    assert_eq!(unit, ["LeftEye", "RightEye"]);

    let outer = ["left_eye_inner", "right_eye_inner", "left_eye_outer", "right_eye_outer"];
    let unit = Schema::guess("eyes", outer).unwrap().unit().unwrap();
    assert_eq!(unit.map(|one| outer[one.index()]), ["left_eye_outer", "right_eye_outer"]);

    for (names, alone) in [
        (vec!["left_ear", "nose"], vec!["left_ear"]),
        (vec!["left_a", "right_a", "Right-A"], vec!["left_a"]),
        (vec!["a", "b"], vec![]),
    ] {
        let schema = Schema::guess("hole", names).unwrap();
        assert!(!schema.has_mirror());
        assert_eq!(schema.without_partner(), alone);
    }
    // All built-in schemas are guessed as they are written.
    for name in BUILTIN_SCHEMAS {
        let schema = Schema::builtin(name).unwrap();
        let guess = Schema::guess(name, schema.names().iter().cloned()).unwrap();
        let mirror = |one: &Schema| one.keypoints().map(|k| one.mirrored(k)).collect::<Vec<_>>();
        assert_eq!(mirror(&guess), mirror(&schema), "{name}");
    }
}

#[test]
fn a_selection_keeps_what_is_whole() {
    let schema = Schema::builtin("ibug-68").unwrap();
    let named = |names: &[&str]| {
        names.iter().map(|name| schema.keypoint(name).unwrap()).collect::<Vec<_>>()
    };
    let eyes = named(&["left_eye_outer_corner", "right_eye_outer_corner", "nose_tip"]);
    let some = schema.select(&eyes).unwrap();
    assert_eq!(some.names(), ["left_eye_outer_corner", "right_eye_outer_corner", "nose_tip"]);
    assert!(some.has_mirror() && some.unit().is_some());
    let groups: Vec<_> = some.groups().iter().map(|(name, points)| (name, points.len())).collect();
    assert_eq!(groups, [("nose", 1), ("eyes", 2), ("inner", 3)]);
    assert_eq!(some.name(), "ibug-68, 3 points");

    let half = schema.select(&eyes[..1]).unwrap();
    assert!(!half.has_mirror() && half.unit().is_none());
    assert!(schema.select(&[]).is_err());
    assert!(schema.select(&[eyes[0], eyes[0]]).is_err());
}
