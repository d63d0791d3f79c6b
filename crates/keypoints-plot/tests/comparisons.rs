//! Pictures that compare: dots, lines and panels have their places and words, in both formats.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

mod common;

use std::fs;

use common::{Album, places, texts};
use image::RgbImage;
use keypoints_plot::{
    BetterScore, Colour, CumulativeOptions, CumulativeSeries, PlotError, ScoreOptions, ScoreRow,
    SweepOptions, SweepParameter, SweepTrial, cumulative_errors, score_dots, sweep_scatter,
};

fn assert_texts(found: &[String], expected: &[&str]) {
    for expected in expected {
        assert!(found.iter().any(|text| text == expected), "{expected} is not in {found:?}");
    }
}

/// Places of a colour below title and legend.
fn below(png: &RgbImage, colour: Colour, top: u32) -> Vec<(u32, u32)> {
    places(png, colour).into_iter().filter(|place| place.1 > top).collect()
}

fn columns(places: &[(u32, u32)]) -> (u32, u32) {
    let x = || places.iter().map(|place| place.0);
    (x().min().unwrap(), x().max().unwrap())
}

#[test]
fn rows_stand_in_the_order_given_and_dots_where_their_scores_are() {
    let album = Album::new();
    let rows = [
        ScoreRow::new("drop", [3.0, f64::NAN]).and([2.0]),
        ScoreRow::new("nothing yet", []),
        ScoreRow::new("two heads", [1.0, 2.0]).and([1.5, 1.5, 3.0]).reference(2.5),
    ];
    let options = ScoreOptions {
        series: vec!["raw".into(), "without mislabelled rows".into(), "not shown".into()],
        reference: "published".into(),
        decimals: 2,
        ..ScoreOptions::default()
    };
    let (png, svg) = album.both(|path| score_dots(path, &rows, &options).unwrap());
    assert_eq!(png.width(), options.width);
    let found = texts(&svg, &png);
    let expected = ["Scores", "raw", "without mislabelled rows", "mean", "published", "no score"];
    assert_texts(&found, &expected);
    assert_texts(&found, &["drop", "two heads", "3.00", "2.00", "1.50", options.x_label.as_str()]);
    assert!(!found.iter().any(|text| text == "not shown"));
    let row_of = |name: &str| found.iter().position(|text| text == name).unwrap();
    assert!(row_of("drop") < row_of("two heads"));

    // The first series has dots at 3 (above) and at 1 and 2 (below), the second at 2 and at 1.5 and 3.
    let (first, second) = (below(&png, Colour::series(0), 80), below(&png, Colour::series(1), 80));
    let half = (80 + png.height()) / 2;
    let upper = |all: &[(u32, u32)]| -> Vec<(u32, u32)> {
        all.iter().copied().filter(|place| place.1 < half).collect()
    };
    let lower = |all: &[(u32, u32)]| -> Vec<(u32, u32)> {
        all.iter().copied().filter(|place| place.1 >= half).collect()
    };
    let middle = |all: &[(u32, u32)]| {
        let (left, right) = columns(all);
        f64::from(left + right) / 2.0
    };
    let at = |score: f64| {
        let (one, three) = (f64::from(columns(&first).0) + 4.0, middle(&upper(&first)));
        one + (score - 1.0) / 2.0 * (three - one)
    };
    assert!((middle(&lower(&first)) - at(1.5)).abs() < 2.0);
    assert!((middle(&upper(&second)) - at(2.0)).abs() < 2.0);
    assert!((middle(&lower(&second)) - at(2.25)).abs() < 2.0);
}

#[test]
fn the_mean_has_a_stroke_and_a_single_score_has_none() {
    let album = Album::new();
    for (scores, strokes) in [(vec![1.0, 2.0, 4.5], true), (vec![2.5], false)] {
        let row = [ScoreRow::new("drop", scores)];
        let options = ScoreOptions { title: String::new(), ..ScoreOptions::default() };
        let (png, svg) = album.both(|path| score_dots(path, &row, &options).unwrap());
        let found = texts(&svg, &png);
        assert_texts(&found, &["2.500"]);
        assert_eq!(found.iter().any(|text| text == "mean"), strokes, "{found:?}");
    }
}

#[test]
fn long_and_hostile_names_fit() {
    let album = Album::new();
    let long = "EfficientNet-B0, two models, pseudo-labels for what is missing, then masked two-head \
                fine-tuning on the full source only";
    let rows = [
        ScoreRow::new(long, [1.5, 1.7]),
        ScoreRow::new("<b>&\"'\u{1}\n\u{0}", [1.6]),
        ScoreRow::new("x".repeat(3000), [1.6, -0.25]).reference(f64::INFINITY),
        ScoreRow::new("", [1.8]),
    ];
    for width in [920, 480, 220] {
        let options = ScoreOptions { width, ..ScoreOptions::default() };
        let (png, svg) = album.both(|path| score_dots(path, &rows, &options).unwrap());
        let found = texts(&svg, &png);
        assert_texts(&found, &["<b>&\"'"]);
        assert!(found.iter().any(|text| text.starts_with("EfficientNet-")), "{found:?}");
        assert!(found.iter().any(|text| text.starts_with("xxx") && text.ends_with('…')));
        // Dots are still to be seen, and nothing touches the left edge.
        assert!(!below(&png, Colour::series(0), 60).is_empty());
        let white = |x, y| png.get_pixel(x, y).0 == [255; 3];
        assert!((0..png.height()).all(|y| (0..6).all(|x| white(x, y))));
    }
}

#[test]
fn scores_that_are_all_the_same_or_missing() {
    let album = Album::new();
    for score in [0.0, 1.5, -2.0, 1e-9, 1e12] {
        let rows = [ScoreRow::new("a", [score, score]), ScoreRow::new("b", [score])];
        let options = ScoreOptions::default();
        let (png, _) = album.both(|path| score_dots(path, &rows, &options).unwrap());
        assert!(!below(&png, Colour::series(0), 60).is_empty(), "{score}");
    }
    let lost = ScoreRow::new("lost", [f64::NAN]).reference(1.0);
    for rows in [Vec::new(), vec![lost]] {
        let error = score_dots(album.path("dots.png"), &rows, &ScoreOptions::default());
        assert!(matches!(error, Err(PlotError::NothingToDraw { what: "scores", .. })));
    }
}

#[test]
fn the_better_line_lies_higher_and_the_failures_are_counted() {
    let album = Album::new();
    let spread = |most: f64| (1..=100).map(move |face| most * f64::from(face) / 100.0);
    let series = [
        CumulativeSeries::new("good", spread(0.1)),
        CumulativeSeries::new("bad", spread(0.4).chain([f64::NAN])),
        CumulativeSeries::new("none", [f64::NAN]),
    ];
    let options = CumulativeOptions { limit: 0.2, ..CumulativeOptions::default() };
    let (png, svg) = album.both(|path| cumulative_errors(path, &series, &options).unwrap());
    assert_eq!(png.dimensions(), options.size);
    let found = texts(&svg, &png);
    let legend = ["good, 0.0 % failed", "bad, 75.0 % failed", "none, no faces"];
    assert_texts(&found, &legend);
    assert_texts(&found, &["failed: error above 0.1", "Faces below an error", "share of faces"]);
    assert_texts(&found, &["0.0", "1.0", "0.00", "0.20"]);

    let (good, bad) = (below(&png, Colour::series(0), 85), below(&png, Colour::series(1), 85));
    let (left, right) = columns(&bad);
    let height = |line: &[(u32, u32)], x: u32| {
        let there = line.iter().filter(|place| place.0.abs_diff(x) <= 1).map(|place| place.1);
        f64::from(there.clone().min().unwrap() + there.max().unwrap()) / 2.0
    };
    let floor = f64::from(bad.iter().map(|place| place.1).max().unwrap());
    let (quarter, middle) = ((3 * left + right) / 4, (left + right) / 2);
    // At a limit of 0.2 the bad line ends at one half, the good one is at one half after a quarter.
    assert!((height(&good, quarter) - height(&bad, right)).abs() < 6.0);
    assert!(height(&good, middle) < height(&bad, middle));
    let climb = |x| floor - height(&bad, x);
    assert!((climb(right) / climb(middle) - 2.0).abs() < 0.05);
}

#[test]
fn errors_beyond_the_limit_and_settings_that_make_no_sense() {
    let album = Album::new();
    let beyond = [CumulativeSeries::new("far", [1.0, f64::INFINITY, -1.0])];
    let options = CumulativeOptions { failure: None, ..CumulativeOptions::default() };
    let (png, svg) = album.both(|path| cumulative_errors(path, &beyond, &options).unwrap());
    assert_texts(&texts(&svg, &png), &["far"]);
    assert!(!below(&png, Colour::series(0), 85).is_empty());

    for limit in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        let options = CumulativeOptions { limit, ..CumulativeOptions::default() };
        let error = cumulative_errors(album.path("a.svg"), &beyond, &options).unwrap_err();
        assert!(matches!(error, PlotError::BadOption { option: "limit", .. }));
        assert!(error.to_string().ends_with(&format!("expected a number above 0, found {limit}")));
    }
    let nothing = [CumulativeSeries::new("nothing", [f64::NAN])];
    let error = cumulative_errors(album.path("a.svg"), &nothing, &CumulativeOptions::default());
    assert!(matches!(error, Err(PlotError::NothingToDraw { what: "errors", .. })));
    assert!(fs::read_dir(album.path("")).unwrap().all(|file| file.unwrap().file_name() != "a.svg"));
}

fn search(parameters: usize) -> (Vec<SweepParameter>, Vec<SweepTrial>) {
    let kinds = [
        SweepParameter::logarithmic("learning rate"),
        SweepParameter::linear("dropout"),
        SweepParameter::choice("augmentation", ["none", "flip", "all"]),
    ];
    let parameters: Vec<SweepParameter> = kinds.into_iter().cycle().take(parameters).collect();
    let trials = (0..30).map(|trial| {
        let (step, score) = (f64::from(trial), f64::from((trial - 11) * (trial - 11)) + 1.5);
        let kinds = [10f64.powf(-5.0 + step / 10.0), step / 60.0, step % 3.0];
        SweepTrial::new(kinds.into_iter().cycle().take(parameters.len()), score)
    });
    let trials = trials.collect();
    (parameters, trials)
}

#[test]
fn every_parameter_has_its_panel_and_the_best_trial_stands_out_in_each() {
    let album = Album::new();
    for count in 1..=6 {
        let (parameters, mut trials) = search(count);
        trials.push(SweepTrial::new([], f64::NAN));
        for (better, best) in [
            (BetterScore::Lower, "best: trial 12, 1.5"),
            (BetterScore::Higher, "best: trial 30, 325.5"),
        ] {
            let options = SweepOptions { better, log_scale: true, ..SweepOptions::default() };
            let (png, svg) =
                album.both(|path| sweep_scatter(path, &parameters, &trials, &options).unwrap());
            let rows = [1, 1, 1, 2, 2, 2][count - 1];
            assert!(
                png.height() > options.size.1 * rows && png.height() < options.size.1 * (rows + 1)
            );
            let found = texts(&svg, &png);
            let expected =
                [best, "31 trials, 1 without a score", "weighted RMSE, pixels (log scale)"];
            assert_texts(&found, &expected);
            for (kind, label) in
                ["learning rate (log scale)", "dropout", "augmentation"].iter().enumerate()
            {
                let panels = found.iter().filter(|text| text == label).count();
                assert_eq!(panels, (count + 2 - kind) / 3, "{label} of {count}");
            }
            // One dot per trial and panel; the best one and the one in the legend have three circles.
            assert_eq!(svg.matches("<circle").count(), (29 + 3) * count + 1 + 3);
            assert!(!below(&png, Colour::ORANGE, 85).is_empty());
        }
    }
}

#[test]
fn values_that_cannot_be_shown_leave_their_panel_only() {
    let album = Album::new();
    let parameters = [SweepParameter::logarithmic("rate\u{2}"), SweepParameter::linear("decay")];
    let trials = [
        SweepTrial::new([0.0, 1.0], 2.0),
        SweepTrial::new([f64::NAN], 1.0).numbered(17),
        SweepTrial::new([1e-3, 0.5], 3.0),
    ];
    let options = SweepOptions::default();
    let (png, svg) =
        album.both(|path| sweep_scatter(path, &parameters, &trials, &options).unwrap());
    assert_texts(&texts(&svg, &png), &["best: trial 17, 1", "rate (log scale)", "3 trials"]);
    assert_eq!(svg.matches("<circle").count(), 1 + 2 + 4);

    let (nowhere, lost) = (album.path("sweep.png"), [SweepTrial::new([1.0], f64::NAN)]);
    let error = sweep_scatter(&nowhere, &parameters, &lost, &options);
    assert!(matches!(error, Err(PlotError::NothingToDraw { what: "scores", .. })));
    let error = sweep_scatter(&nowhere, &[], &trials, &options);
    assert!(matches!(error, Err(PlotError::NothingToDraw { what: "parameters", .. })));
    assert!(!nowhere.exists());
}
