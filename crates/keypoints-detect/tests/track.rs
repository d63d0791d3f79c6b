//! Faces of a video: drawn faces that rest, move, pass each other, come and go.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

mod drawn;

use std::num::NonZeroUsize;

use keypoints_core::{Crop, Labels, Point, kaggle15};
use keypoints_data::synth::SyntheticFace;
use keypoints_detect::image::DynamicImage;
use keypoints_detect::{
    DetectError, Detector, Device, Picture, TrackedFace, Tracker, TrackerSettings,
};

use drawn::{Told, face, frame};

/// Seconds between frames.
const STEP: f64 = 1.0 / 30.0;

/// The noise of the frames, in grey values.
const NOISE: f64 = 8.0;

fn tracker(told: &Told) -> Tracker {
    Tracker::new(told.detector(), TrackerSettings::default())
}

/// The faces of a video. `faces` says which there are in a frame; the finder sees them all.
fn track(
    told: &Told,
    tracker: &mut Tracker,
    size: [u32; 2],
    frames: u32,
    faces: impl Fn(u32) -> Vec<(&'static SyntheticFace, Crop)>,
) -> Vec<Vec<TrackedFace>> {
    let frame = |number: u32| {
        let faces = faces(number);
        told.see(&faces.iter().map(|face| face.1).collect::<Vec<_>>());
        let frame = frame(size, &faces, NOISE, number.into());
        tracker.next(&frame, f64::from(number) * STEP).unwrap()
    };
    (0..frames).map(frame).collect()
}

/// A drawn face that lives as long as the test.
fn drawn_face(index: u64) -> &'static SyntheticFace {
    Box::leak(Box::new(face(index)))
}

fn ids(faces: &[TrackedFace]) -> Vec<u64> {
    faces.iter().map(|face| face.id).collect()
}

/// The standard deviation of the points over frames: the root of the mean variance of their coordinates.
fn jitter<'a>(frames: impl Iterator<Item = &'a Labels> + Clone) -> f64 {
    let count = frames.clone().count() as f64;
    let first = frames.clone().next().unwrap();
    let variance = |coordinate| {
        let values = frames.clone().map(|labels| f64::from(labels.get(coordinate).unwrap()));
        let mean = values.clone().sum::<f64>() / count;
        values.map(|value| (value - mean).powi(2)).sum::<f64>() / count
    };
    let variances: Vec<f64> = first.present().map(|(coordinate, _)| variance(coordinate)).collect();
    (variances.iter().sum::<f64>() / variances.len() as f64).sqrt()
}

/// How many frames the points are behind a face that moves to the right by so many pixels a frame. `rest` are its points in the first
/// frame.
fn lag<'a>(frames: impl Iterator<Item = (u32, &'a Labels)>, rest: &Labels, speed: f64) -> f64 {
    let behind = |(number, labels): (u32, &Labels)| {
        let behind = rest.points().map(|(keypoint, point)| {
            let expected = f64::from(point.x) + speed * f64::from(number);
            (expected - f64::from(labels.point(keypoint).unwrap().x)) / speed
        });
        behind.sum::<f64>() / rest.points().count() as f64
    };
    let behind: Vec<f64> = frames.map(behind).collect();
    behind.iter().sum::<f64>() / behind.len() as f64
}

#[test]
fn a_face_that_rests_jitters_far_less_than_it_was_read() {
    for (index, side) in [(0, 110.0), (1, 110.0), (2, 60.0), (3, 180.0)] {
        let (told, one) = (Told::default(), drawn_face(index));
        let crop = Crop::upright([160.3, 119.8], side);
        let frames = track(&told, &mut tracker(&told), [320, 240], 75, |_| vec![(one, crop)]);
        assert!(frames.iter().all(|faces| ids(faces) == [1]));
        // Before, the filter has little to average: the first frame is as it was read.
        for (range, least) in [(0..60, 2.5), (15..75, 4.0)] {
            let raw = jitter(frames[range.clone()].iter().map(|faces| &faces[0].raw));
            let smooth = jitter(frames[range.clone()].iter().map(|faces| &faces[0].face.points));
            println!(
                "face {index}, side {side}, frames {range:?}: {raw:.3} px raw, {smooth:.3} px smoothed, {:.1} times less",
                raw / smooth
            );
            assert!(raw / smooth > least, "{smooth} of {raw}");
        }
    }
}

#[test]
fn a_face_that_crosses_the_picture_does_not_lag() {
    let one = drawn_face(1);
    for speed in [1.0, 2.0, 4.0, 8.0, 16.0, 32.0] {
        let told = Told::default();
        let frames = f64::min(600.0 / speed, 60.0) as u32;
        let crop = |number| Crop::upright([60.0 + speed * f64::from(number), 119.8], 110.0);
        let faces = track(&told, &mut tracker(&told), [720, 240], frames, |number| {
            vec![(one, crop(number))]
        });
        assert!(faces.iter().all(|faces| ids(faces) == [1]), "{speed}");
        let rest = &faces[0][0].raw;
        // The first quarter second is that of the filter's start, as if the face had set off at once.
        let later =
            || (8.min(frames / 2)..frames).map(|number| (number, &faces[number as usize][0]));
        let raw = lag(later().map(|(number, face)| (number, &face.raw)), rest, speed);
        let smooth = lag(later().map(|(number, face)| (number, &face.face.points)), rest, speed);
        println!("{speed} px a frame: {raw:.2} frames raw, {smooth:.2} smoothed");
        assert!(smooth < 1.0, "{smooth}");
    }
}

#[test]
fn a_face_that_turns_and_comes_closer_is_followed_closely() {
    let one = drawn_face(1);
    let told = Told::default();
    let crop = |number: u32| {
        let time = f64::from(number) * STEP;
        let swing = |hertz: f64| (std::f64::consts::TAU * hertz * time).sin();
        Crop {
            centre: [160.0 + 40.0 * swing(0.5), 120.0 + 20.0 * swing(0.3)],
            side: 100.0 * (1.0 + 0.3 * swing(0.3)),
            roll: 0.3 * swing(0.4),
        }
    };
    let frames =
        track(&told, &mut tracker(&told), [320, 240], 90, |number| vec![(one, crop(number))]);
    let rest = crop(0).labels_to_crop(kaggle15::SHAPE, &frames[0][0].raw);
    let error = |which: fn(&TrackedFace) -> &Labels| {
        let squares = (15..90).flat_map(|number: u32| {
            let expected = crop(number).labels_to_photo(kaggle15::SHAPE, &rest);
            let found = which(&frames[number as usize][0]);
            let off = |(keypoint, point): (_, Point)| {
                found.point(keypoint).unwrap().distance(point) / crop(number).side
            };
            expected.points().map(off).map(|off| off * off).collect::<Vec<f64>>()
        });
        let squares: Vec<f64> = squares.collect();
        100.0 * (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
    };
    let (raw, smooth) = (error(|face| &face.raw), error(|face| &face.face.points));
    println!("off by {raw:.2} % of the side raw, {smooth:.2} % smoothed");
    assert!(frames.iter().all(|faces| ids(faces) == [1]));
    assert!(smooth < raw + 1.0, "{smooth}");
}

#[test]
fn faces_that_pass_each_other_keep_their_ids() {
    let (one, other) = (drawn_face(1), drawn_face(2));
    let told = Told::default();
    // One to the right, the other to the left below it.
    let crops = |number: u32| {
        let way = 7.0 * f64::from(number);
        [Crop::upright([70.0 + way, 90.0], 100.0), Crop::upright([490.0 - way, 170.0], 100.0)]
    };
    let frames = track(&told, &mut tracker(&told), [560, 260], 60, |number| {
        let [first, second] = crops(number);
        // The finder sees them in another order each time.
        let mut faces = vec![(one, first), (other, second)];
        faces.rotate_left(number as usize % 2);
        faces
    });
    for (number, faces) in frames.iter().enumerate() {
        assert_eq!(ids(faces), [1, 2], "frame {number}");
        let crops = crops(number as u32);
        // Which face has which id is a matter of the first frame's order.
        for (face, crop) in faces.iter().zip(crops) {
            let [x, y] = [0, 1].map(|axis| face.face.crop.centre[axis] - crop.centre[axis]);
            assert!(x.hypot(y) < 35.0, "frame {number}: {:?} is not {crop:?}", face.face.crop);
        }
    }
    // Searches at 0, 10, 20 and so on.
    assert_eq!(told.searches(), 6);
}

#[test]
fn a_face_that_hides_another_keeps_its_id() {
    let (back, front) = (drawn_face(1), drawn_face(2));
    for below in [50.0, 30.0, 0.0] {
        let told = Told::default();
        let crops = |number: u32| {
            let way = 6.0 * f64::from(number);
            [
                Crop::upright([420.0 - way, 100.0], 100.0),
                Crop::upright([100.0 + way, 100.0 + below], 100.0),
            ]
        };
        let mut tracker = tracker(&told);
        let mut last = Vec::new();
        for number in 0..54 {
            let [behind, before] = crops(number);
            // The finder sees what is not hidden.
            let is_hidden = behind.region().overlap(before.region()) > 0.4;
            told.see(&[before, behind][..if is_hidden { 1 } else { 2 }]);
            let faces = [(back, behind), (front, before)];
            let picture = frame([520, 260], &faces, NOISE, number.into());
            last = tracker.next(&picture, f64::from(number) * STEP).unwrap();
            let of_front = last.iter().find(|face| face.id == 1).unwrap();
            let off = (of_front.face.crop.centre[0] - before.centre[0]).abs();
            assert!(off < 30.0, "{below}, frame {number}: {off}");
        }
        println!("{below}: {:?}, {} searches", ids(&last), told.searches());
        assert_eq!(last.len(), 2);
        let behind = crops(53)[0].centre[0];
        assert!((last[1].face.crop.centre[0] - behind).abs() < 30.0);
    }
}

#[test]
fn faces_come_and_go() {
    let (one, other) = (drawn_face(1), drawn_face(2));
    let told = Told::default();
    let mut tracker = tracker(&told);
    let stays = Crop::upright([100.0, 120.0], 100.0);
    // The other comes in frame 5 and has left in frame 45.
    let moves = |number: u32| {
        Crop::upright([300.0 + 6.0 * f64::from(number.saturating_sub(20)), 120.0], 100.0)
    };
    let frames = track(&told, &mut tracker, [420, 240], 70, |number| {
        let mut faces = vec![(one, stays)];
        if (5..70).contains(&number) && moves(number).centre[0] < 480.0 {
            faces.push((other, moves(number)));
        }
        faces
    });
    for (number, faces) in frames.iter().enumerate() {
        let expected: &[u64] = match number {
            0..10 => &[1],
            10..38 => &[1, 2],
            50.. => &[1],
            _ => continue,
        };
        assert_eq!(ids(faces), expected, "frame {number}");
    }
    println!("{} searches", told.searches());
    // An empty picture follows; the next face has a number of its own.
    let frames = track(&told, &mut tracker, [420, 240], 12, |number| match number {
        0..6 => vec![],
        _ => vec![(other, stays)],
    });
    assert!(frames[1..6].iter().all(Vec::is_empty));
    assert_eq!(ids(&frames[11]), [3]);
}

#[test]
fn a_face_that_nobody_finds_again_is_let_go() {
    let (told, one) = (Told::default(), drawn_face(1));
    let mut tracker = tracker(&told);
    let crop = Crop::upright([160.0, 120.0], 100.0);
    let picture = frame([320, 240], &[(one, crop)], NOISE, 1);
    let mut next = |told: &Told, crops: &[Crop], number: u32| {
        told.see(crops);
        let faces = tracker.next(&picture, f64::from(number) * STEP).unwrap();
        (ids(&faces), told.searches())
    };
    for number in 0..10 {
        assert_eq!(next(&told, &[crop], number), (vec![1], 1));
    }
    // Missed once and seen again.
    assert_eq!(next(&told, &[], 10), (vec![1], 2));
    for number in 11..21 {
        assert_eq!(next(&told, &[crop], number), (vec![1], 3));
    }
    // Missed twice.
    assert_eq!(next(&told, &[], 21), (vec![1], 4));
    assert_eq!(next(&told, &[], 22), (vec![], 5));
    // While nobody is there, the searches are further and further apart.
    let searches: Vec<u32> = (23..60)
        .filter(|&number| {
            let before = told.searches();
            next(&told, &[], number).1 > before
        })
        .collect();
    assert_eq!(searches, [23, 25, 29, 37, 47, 57]);
}

#[test]
fn a_face_that_jumps_is_searched_for_and_keeps_its_id() {
    let (told, one) = (Told::default(), drawn_face(1));
    let mut tracker = tracker(&told);
    let at = |x: f64| Crop::upright([x, 120.0], 100.0);
    let frames = track(&told, &mut tracker, [480, 240], 6, |number| {
        vec![(one, at(if number < 3 { 130.0 } else { 215.0 }))]
    });
    assert!(frames.iter().all(|faces| ids(faces) == [1]));
    let found = &frames[3][0].face;
    assert!((found.crop.centre[0] - 215.0).abs() < 20.0, "{:?}", found.crop);
}

#[test]
fn a_box_is_followed_without_a_finder() {
    let one = drawn_face(1);
    let told = Told::default();
    let settings = TrackerSettings { search_every: None, ..Default::default() };
    let mut tracker = Tracker::new(told.detector(), settings);
    let crop = |number: u32| Crop::upright([100.0 + 4.0 * f64::from(number), 120.0], 100.0);
    for number in 0..30 {
        let regions = [crop(0).region()];
        let regions = if number == 0 { &regions[..] } else { &[] };
        let picture = frame([400, 240], &[(one, crop(number))], NOISE, number.into());
        let faces = tracker.next_in(&picture, f64::from(number) * STEP, regions).unwrap();
        assert_eq!(ids(&faces), [1], "frame {number}");
        assert_eq!(faces[0].face.score, 1.0);
    }
    assert_eq!(told.searches(), 0);
    // A second box around the same face is the same face; one around nothing is a face of its own.
    let picture = frame([400, 240], &[(one, crop(29))], NOISE, 29);
    let faces = tracker.next_in(&picture, 1.0, &[crop(29).region()]).unwrap();
    assert_eq!(ids(&faces), [1]);
}

#[test]
fn without_smoothing_the_points_are_those_that_were_read() {
    let (told, one) = (Told::default(), drawn_face(0));
    let settings = TrackerSettings { smoothing: None, search_every: NonZeroUsize::new(3) };
    let mut tracker = Tracker::new(told.detector(), settings);
    let crop = Crop::upright([160.0, 120.0], 100.0);
    let frames = track(&told, &mut tracker, [320, 240], 7, |_| vec![(one, crop)]);
    assert!(frames.iter().flatten().all(|face| face.face.points == face.raw));
    assert_eq!((frames.iter().flatten().count(), told.searches()), (7, 3));
}

#[test]
fn frames_of_another_size_are_another_video() {
    let (told, one) = (Told::default(), drawn_face(0));
    let mut tracker = tracker(&told);
    let crop = Crop::upright([120.0, 120.0], 100.0);
    for (size, id) in [([320, 240], 1), ([240, 320], 2), ([320, 240], 3)] {
        let frames = track(&told, &mut tracker, size, 2, |_| vec![(one, crop)]);
        assert!(frames.iter().all(|faces| ids(faces) == [id]));
        // Nothing is left of another face's movement.
        assert_eq!(frames[0][0].face.points, frames[0][0].raw);
    }
}

#[test]
fn odd_times_and_empty_pictures_do_no_harm() {
    let told = Told::default();
    let mut tracker = tracker(&told);
    let one_pixel = Picture::from_image(DynamicImage::new_luma8(1, 1)).unwrap();
    let black = Picture::from_image(DynamicImage::new_luma8(64, 48)).unwrap();
    let times = [0.0, 0.0, -1.0, f64::NAN, f64::INFINITY, 1e300, -1e300, f64::MIN_POSITIVE, 3.0];
    let crops = [
        Crop::upright([30.0, 24.0], 40.0),
        Crop::upright([-1e6, 24.0], 40.0),
        Crop { centre: [30.0, 24.0], side: f64::NAN, roll: 0.0 },
        Crop { centre: [30.0, 24.0], side: 1e-9, roll: 1.0 },
        Crop { centre: [30.0, 24.0], side: 1e9, roll: 1.0 },
    ];
    for (index, seconds) in times.into_iter().cycle().take(40).enumerate() {
        told.see(&crops[..index % 6]);
        for picture in [&black, &one_pixel] {
            let faces = tracker.next(picture, seconds).unwrap();
            let finite =
                |face: &TrackedFace| face.face.points.present().all(|(_, value)| value.is_finite());
            assert!(faces.iter().all(finite), "{faces:?}");
        }
    }
    for seconds in times {
        told.see(&crops);
        tracker.next(&black, seconds).unwrap();
    }
}

#[test]
fn without_a_finder_somebody_must_say_where_a_face_is() {
    let predictor = Detector::pretrained(&Device::flex()).unwrap().into_predictor();
    let detector = Detector::of_predictor(predictor);
    let mut tracker = Tracker::new(detector, TrackerSettings::default());
    let crop = Crop::upright([120.0, 120.0], 100.0);
    let picture = frame([240, 240], &[(&face(1), crop)], 0.0, 0);
    assert!(matches!(tracker.next(&picture, 0.0), Err(DetectError::NoFinder)));
    let beside = Crop::upright([-500.0, 0.0], 100.0).region();
    let error = tracker.next_in(&picture, 0.0, &[beside]).unwrap_err();
    assert!(matches!(error, DetectError::BadRegion { index: 0, .. }));
    // None of these frames has counted.
    assert!(matches!(tracker.next(&picture, 0.0), Err(DetectError::NoFinder)));
    assert_eq!(ids(&tracker.next_in(&picture, 0.0, &[crop.region()]).unwrap()), [1]);
    assert_eq!(ids(&tracker.next(&picture, 0.1).unwrap()), [1]);
}
