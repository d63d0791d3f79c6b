use keypoints_core::{Crop, Keypoint, Labels, Point, Region};
use keypoints_detect::Face;
use serde_json::{Value, json};

use super::*;

fn face(id: u64) -> TrackedFace {
    let mut points = Labels::default();
    points.set_point(Keypoint::new(0), Point { x: 1.25, y: -2.0 });
    let region = Region::of_pixels(10.0, 20.0, 30.5, 30.5);
    let crop = Crop::upright([25.0, 35.0], 30.5);
    let face = Face { region, score: 0.9, points: points.clone(), uncertainty: None, crop };
    TrackedFace { id, face, raw: points }
}

fn written(format: TrackFormat, faces: &[TrackedFace]) -> String {
    let table = TrackTable::new(Schema::clone(&Schema::kaggle15()), format);
    let rows = table.rows(4, 4.0 / 30.0, faces).unwrap();
    table.begin() + &rows + &table.rows(5, 5.0 / 30.0, &[]).unwrap()
}

#[test]
fn csv_has_a_line_per_face() {
    let text = written(TrackFormat::Csv, &[face(3), face(7)]);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 3);
    let start = "frame,seconds,id,score,left,top,width,height,left_eye_center_x,left_eye_center_y,";
    assert!(lines[0].starts_with(start), "{}", lines[0]);
    let start = "4,0.133333,7,0.900,10.000,20.000,30.500,30.500,1.250,-2.000,,";
    assert!(lines[2].starts_with(start), "{}", lines[2]);
    assert!(lines.iter().all(|line| line.split(',').count() == 8 + 30));
}

#[test]
fn json_lines_have_an_object_per_face() {
    let text = written(TrackFormat::Jsonl, &[face(3), face(7)]);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let expected = json!({
        "frame": 4, "seconds": 0.133333, "id": 7, "score": 0.9, "box": [10.0, 20.0, 30.5, 30.5],
        "keypoints": { "left_eye_center": [1.25, -2.0] },
    });
    assert_eq!((lines.len(), &lines[1]), (2, &expected));
}
