//! Charts: bars and curves have their colours, places and words, in both formats.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod common;

use std::fs;

use common::{Album, places, texts};
use keypoints_core::{Dataset, Labels, Named, Pictures, Schema, kaggle15};
use keypoints_plot::{
    Colour, Curve, CurveOptions, ErrorOptions, ErrorSeries, GapOptions, KeypointOrder, PlotError,
    count_gaps, gap_histogram, keypoint_errors, loss_curves,
};

/// Left, top, right and bottom of everything of a colour.
fn bounds(places: &[(u32, u32)]) -> (u32, u32, u32, u32) {
    let x = || places.iter().map(|place| place.0);
    let y = || places.iter().map(|place| place.1);
    (x().min().unwrap(), y().min().unwrap(), x().max().unwrap(), y().max().unwrap())
}

#[test]
fn gaps_are_counted_per_row_and_source() {
    let mut eight = Labels::default();
    for keypoint in kaggle15::FOUR_POINTS {
        eight.set(keypoint.x(), Some(1.0));
        eight.set(keypoint.y(), Some(1.0));
    }
    let labels = vec![eight.clone(), eight, Labels::new(vec![Some(1.0); 30])];
    let sources = vec![kaggle15::FOUR_POINT, kaggle15::FOUR_POINT, kaggle15::FULL];
    let pictures = Pictures::new(kaggle15::SHAPE, vec![0; 3 * kaggle15::SHAPE.bytes()]).unwrap();
    let counts = count_gaps(&Dataset::new(Schema::kaggle15(), pictures, labels, sources).unwrap());
    let (full, four) = (counts.get("full").unwrap(), counts.get("four_point").unwrap());
    assert_eq!((full.len(), four.len()), (31, 31));
    assert_eq!((full[0], full[22], four[0], four[22]), (1, 0, 0, 2));
    assert_eq!(full.iter().sum::<usize>() + four.iter().sum::<usize>(), 3);
}

/// Counts of the competition, with names for a reader.
fn kaggle_counts(full: [(usize, usize); 2], four: (usize, usize)) -> Named<Vec<usize>> {
    let mut counts = [vec![0; 31], vec![0; 31]];
    full.into_iter().for_each(|(gaps, rows)| counts[0][gaps] = rows);
    counts[1][four.0] = four.1;
    let names = ["more than four keypoints labelled", "at most four keypoints labelled"];
    names.map(str::to_owned).into_iter().zip(counts).collect()
}

#[test]
fn the_histogram_says_how_many_faces_there_are() {
    let album = Album::new();
    let counts = kaggle_counts([(0, 2140), (4, 1)], (22, 4755));
    for log_scale in [true, false] {
        let options = GapOptions { log_scale, ..GapOptions::default() };
        let (png, svg) = album.both(|path| gap_histogram(path, &counts, &options).unwrap());
        assert_eq!(png.dimensions(), options.size);
        let found = texts(&svg, &png);
        for expected in [
            "Missing coordinates per face",
            "missing coordinates, of 30",
            "more than four keypoints labelled: 2141 faces",
            "at most four keypoints labelled: 4755 faces",
            "2140",
            "4755",
            "30",
        ] {
            assert!(found.iter().any(|text| text == expected), "{expected} is not in {found:?}");
        }
        // The bars stand below the legend, and the most frequent one is the tallest.
        let below_legend = |colour| -> Vec<(u32, u32)> {
            places(&png, colour).into_iter().filter(|place| place.1 > 85).collect()
        };
        let full = bounds(&below_legend(Colour::series(0)));
        let four = bounds(&below_legend(Colour::series(1)));
        assert!(full.0 < four.0 && full.1 > four.1, "{full:?} {four:?}");
        assert!(full.3.abs_diff(four.3) <= 1);
        let ratio = f64::from(full.3 - full.1) / f64::from(four.3 - four.1);
        let expected = if log_scale {
            (2140f64 / 0.6).log10() / (4755f64 / 0.6).log10()
        } else {
            2140.0 / 4755.0
        };
        assert!((ratio - expected).abs() < 0.01, "{ratio} is not {expected}");
    }
}

#[test]
fn a_histogram_of_nothing_is_an_error() {
    let album = Album::new();
    let path = album.path("gaps.svg");
    for counts in [kaggle_counts([(0, 0); 2], (0, 0)), Named::default()] {
        let error = gap_histogram(&path, &counts, &GapOptions::default()).unwrap_err();
        assert!(matches!(error, PlotError::NothingToDraw { what: "rows", .. }));
        assert!(!path.exists());
    }
}

#[test]
fn curves_fall_from_left_to_right_and_the_best_epoch_is_named() {
    let album = Album::new();
    let falling = |from: f64| -> Vec<(f64, f64)> {
        (1..=50).map(|epoch| (f64::from(epoch), from / f64::from(epoch))).collect()
    };
    let mut validation = falling(20.0);
    validation[39].1 = 0.125;
    let curves =
        [Curve::new("training", falling(10.0)), Curve::new("validation", validation).mark_best()];
    for log_scale in [false, true] {
        let options = CurveOptions { log_scale, ..CurveOptions::default() };
        let (png, svg) = album.both(|path| loss_curves(path, &curves, &options).unwrap());
        assert_eq!(png.dimensions(), options.size);
        let found = texts(&svg, &png);
        let y_label = if log_scale { "RMSE, pixels (log scale)" } else { "RMSE, pixels" };
        for expected in
            ["Training", "training", "validation, lowest 0.125 at epoch 40", "epoch", y_label]
        {
            assert!(found.iter().any(|text| text == expected), "{expected} is not in {found:?}");
        }
        let training: Vec<(u32, u32)> =
            places(&png, Colour::series(0)).into_iter().filter(|place| place.1 > 85).collect();
        let height_at = |x: u32| {
            let column = training.iter().filter(|place| place.0.abs_diff(x) <= 2);
            column.map(|place| place.1).min().unwrap()
        };
        let (left, top, right, bottom) = bounds(&training);
        assert!(right - left > 700 && bottom - top > 100);
        assert!(height_at(left + 2) < height_at((left + right) / 2));
        assert!(height_at((left + right) / 2) < height_at(right - 2));
    }
}

#[test]
fn curves_of_one_point_or_with_gaps_are_drawn() {
    let album = Album::new();
    let broken = vec![
        (1.0, f64::NAN),
        (2.0, 3.0),
        (3.0, f64::INFINITY),
        (f64::NAN, 1.0),
        (4.0, 0.0),
        (5.0, -1.0),
        (6.0, 2.0),
    ];
    for (points, log_scale) in [
        (vec![(1.0, 2.0)], false),
        (vec![(1.0, 2.0)], true),
        (vec![(7.0, 0.0)], false),
        (vec![(1.0, 2.0), (2.0, 2.0)], true),
        (vec![(1.0, 1e-7), (2.0, 1e12)], true),
        (vec![(1.0, 1e-7), (2.0, 1e12)], false),
        (broken.clone(), false),
        (broken, true),
    ] {
        let curves = [Curve::new("empty", Vec::new()).mark_best(), Curve::new("one", points)];
        let options = CurveOptions { log_scale, ..CurveOptions::default() };
        let (png, svg) = album.both(|path| loss_curves(path, &curves, &options).unwrap());
        let drawn = places(&png, Colour::series(1));
        assert!(drawn.iter().any(|place| place.1 > 85), "no point of {:?}", curves[1]);
        assert!(texts(&svg, &png).iter().any(|text| text == "one"));
    }
}

#[test]
fn curves_without_a_point_are_an_error() {
    let album = Album::new();
    for (curves, log_scale) in [
        (Vec::new(), false),
        (vec![Curve::new("empty", Vec::new())], false),
        (vec![Curve::new("lost", vec![(1.0, f64::NAN)])], false),
        (vec![Curve::new("zero", vec![(1.0, 0.0)])], true),
    ] {
        let options = CurveOptions { log_scale, ..CurveOptions::default() };
        let error = loss_curves(album.path("loss.png"), &curves, &options).unwrap_err();
        assert!(matches!(error, PlotError::NothingToDraw { what: "points", .. }), "{error}");
    }
}

fn named(errors: &[(&str, f64)]) -> Named<f64> {
    errors.iter().map(|&(name, error)| (name.to_owned(), error)).collect()
}

#[test]
fn bars_are_as_long_as_their_errors() {
    let album = Album::new();
    let errors = named(&[("left_eye_center", 3.0), ("nose_tip", 1.5)]);
    let half = named(&[("nose_tip", 0.75), ("mouth_left_corner", f64::NAN)]);
    let series = [ErrorSeries::new("full", errors), ErrorSeries::new("four points", half)];
    for order in [KeypointOrder::LargestFirst, KeypointOrder::AsGiven] {
        let options = ErrorOptions { order, ..ErrorOptions::default() };
        let (png, svg) = album.both(|path| keypoint_errors(path, &series, &options).unwrap());
        let found = texts(&svg, &png);
        for expected in
            ["Error per keypoint", "nose tip", "left eye center", "3.00", "0.75", "full"]
        {
            assert!(found.iter().any(|text| text == expected), "{expected} is not in {found:?}");
        }
        assert!(!found.iter().any(|text| text.contains("mouth")), "{found:?}");
        let bar = |index| {
            let places = places(&png, Colour::series(index));
            bounds(&places.into_iter().filter(|place| place.1 > 85).collect::<Vec<_>>())
        };
        let (long, short) = (bar(0), bar(1));
        assert!(long.0.abs_diff(short.0) <= 1);
        let ratio = f64::from(long.2 - long.0) / f64::from(short.2 - short.0);
        assert!((ratio - 4.0).abs() < 0.05, "{ratio}");
    }
    let error = keypoint_errors(album.path("errors.svg"), &[], &ErrorOptions::default());
    assert!(matches!(error, Err(PlotError::NothingToDraw { what: "errors", .. })));
}

#[test]
fn the_name_of_the_file_decides_and_errors_leave_nothing_behind() {
    let album = Album::new();
    let curve = [Curve::new("one", vec![(1.0, 1.0)])];
    let options = CurveOptions::default();
    for (name, found) in [("loss.jpg", "jpg"), ("loss", ""), (".png", "")] {
        let path = album.path(name);
        match loss_curves(&path, &curve, &options) {
            Err(PlotError::UnknownExtension { path: at, found: at_end }) => {
                assert_eq!((at, at_end.as_str()), (path, found));
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    loss_curves(album.path("LOSS.PNG"), &curve, &options).unwrap();
    image::open(album.path("LOSS.PNG")).unwrap();

    let nowhere = album.path("no folder").join("loss.png");
    let error = loss_curves(&nowhere, &curve, &options).unwrap_err();
    assert!(matches!(&error, PlotError::Write { path, .. } if *path == nowhere), "{error}");
    for size in [(0, 10), (u32::MAX, 10)] {
        let options = CurveOptions { size, ..CurveOptions::default() };
        let error = loss_curves(album.path("size.png"), &curve, &options).unwrap_err();
        assert!(matches!(error, PlotError::Drawing { .. }), "{error}");
    }
    let left: Vec<_> =
        fs::read_dir(album.path("")).unwrap().map(|one| one.unwrap().file_name()).collect();
    assert_eq!(left, ["LOSS.PNG"]);
}
