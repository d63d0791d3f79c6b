use super::*;

const STEP: f64 = 1.0 / 30.0;
const SIDE: f64 = 60.0;
const FACE: [[f64; 2]; 4] = [[10.0, 20.0], [30.0, 20.0], [20.0, 35.0], [20.0, 45.0]];

fn labels(points: &[[f64; 2]]) -> Labels {
    let mut labels = Labels::default();
    for (index, &[x, y]) in points.iter().enumerate() {
        labels.set_point(Keypoint::new(index as u16), Point { x: x as f32, y: y as f32 });
    }
    labels
}

fn largest_distance(one: &Labels, other: &Labels) -> f64 {
    let distance =
        |(keypoint, point): (Keypoint, Point)| other.point(keypoint).unwrap().distance(point);
    one.points().map(distance).fold(0.0, f64::max)
}

/// A filter that follows at once, or hardly.
fn at(min_cutoff: f64) -> OneEuro {
    OneEuro { min_cutoff, beta: 0.0, speed_cutoff: 1.0 }
}

const SLOW: f64 = 1e-9;
const FAST: f64 = 1e9;

#[test]
fn points_that_rest_stay() {
    let points = labels(&FACE);
    let mut smooth = SmoothPoints::new(&points);
    for _ in 0..5 {
        let found = smooth.next(&Smoothing::default(), &points, SIDE, STEP);
        assert!(largest_distance(&found, &points) < 1e-4);
    }
}

#[test]
fn a_face_that_moves_turns_and_comes_closer_changes_its_pose_alone() {
    let mut smooth = SmoothPoints::new(&labels(&FACE));
    let smoothing = Smoothing { pose: at(FAST), shape: at(SLOW) };
    for turn in [[1.0, 0.0], [0.9, 0.3], [0.5, 1.2], [-2.0, 0.1]] {
        let moved = labels(&FACE.map(|place| {
            let [x, y] = product(turn, place);
            [x + 7.0, y - 40.0]
        }));
        let found = smooth.next(&smoothing, &moved, SIDE, STEP);
        assert!(largest_distance(&found, &moved) < 1e-3, "{found:?} is not {moved:?}");
    }
    // A slow pose is the mean of the two frames.
    let smoothing = Smoothing { pose: at(SLOW), shape: at(FAST) };
    let moved = labels(&FACE.map(|[x, y]| [x + 6.0, y - 8.0]));
    let found = SmoothPoints::new(&labels(&FACE)).next(&smoothing, &moved, SIDE, STEP);
    assert!(largest_distance(&found, &labels(&FACE.map(|[x, y]| [x + 3.0, y - 4.0]))) < 1e-3);
}

#[test]
fn a_mouth_that_opens_changes_the_shape() {
    let mut open = FACE;
    open[3][1] += 4.0;
    // A slow shape is the mean of the two frames.
    let open = labels(&open);
    for (shape, nearest) in [(SLOW, 0.5..2.0), (FAST, 0.0..1e-3)] {
        let smoothing = Smoothing { pose: at(FAST), shape: at(shape) };
        let found = SmoothPoints::new(&labels(&FACE)).next(&smoothing, &open, SIDE, STEP);
        assert!(nearest.contains(&largest_distance(&found, &open)), "{found:?}");
    }
}

#[test]
fn other_points_start_anew() {
    let mut smooth = SmoothPoints::new(&labels(&FACE));
    let odd = [
        labels(&FACE[..3]),
        Labels::default(),
        Labels::default(),
        labels(&FACE),
        labels(&[[5.0, 5.0]; 4]),
        labels(&[[6.0, 5.0]; 4]),
        labels(&[[f64::NAN; 2]; 4]),
        labels(&[[f64::INFINITY; 2]; 4]),
        labels(&FACE),
    ];
    for points in odd {
        let found = smooth.next(&Smoothing::default(), &points, SIDE, STEP);
        let same = |(one, other): (_, _)| f32::to_bits(one) == f32::to_bits(other);
        let values = |labels: &Labels| labels.present().map(|one| one.1).collect::<Vec<f32>>();
        assert!(values(&found).into_iter().zip(values(&points)).all(same), "{found:?}");
    }
    let found = smooth.next(&Smoothing::default(), &labels(&FACE), SIDE, STEP);
    assert!(largest_distance(&found, &labels(&FACE)) < 1e-4);
}
