//! Imputers on the competition's training file, where it is at hand.

use std::path::PathBuf;

use keypoints_core::{Labels, hold_out, kaggle15};
use keypoints_data::impute::{HiddenLabels, Imputer, ImputerConfig, Rows, imputation_table};
use keypoints_data::kaggle::DataDir;

#[test]
fn whoever_looks_at_the_known_points_guesses_better() {
    let Some(folder) = std::env::var_os("KEYPOINTS_KAGGLE_DIR").map(PathBuf::from) else {
        println!("skipped: KEYPOINTS_KAGGLE_DIR is not set");
        return;
    };
    let dataset = DataDir::new(folder).training().unwrap();

    // A fifth of the rows, with every picture on one side: no twin gives a hidden label away.
    let split = hold_out(&dataset, 0.2, 42).unwrap();
    let hidden = HiddenLabels::in_rows(&dataset, kaggle15::FOUR_POINT, &split.validation).unwrap();
    let imputers: Vec<ImputerConfig> =
        ImputerConfig::NAMES.iter().filter_map(|name| ImputerConfig::by_name(name)).collect();
    let reports: Vec<_> = imputers.iter().map(|one| (one.name(), hidden.score(one))).collect();
    let lines: Vec<_> = reports.iter().map(|(name, report)| (*name, report)).collect();
    println!("{}", imputation_table(&lines));
    let rmse = |name: &str| {
        let report = reports.iter().find(|(other, _)| *other == name);
        report.and_then(|(_, report)| report.rmse).unwrap()
    };
    assert!(reports.iter().all(|(_, report)| report.filled == report.hidden));
    assert!(rmse("column_mean") < rmse("forward_fill"));
    assert!(rmse("nearest_rows") < 0.8 * rmse("column_mean"));
    assert!(rmse("linear_fit") < rmse("nearest_rows"));

    let rows = Rows::of(&dataset);
    for imputer in imputers {
        let filled = imputer.fit(&rows).transform(&rows);
        // The file begins with a complete row, so even forward fill leaves no gap.
        assert!(filled.iter().all(|row| row.count() == 30), "{}", imputer.name());
        let source = |row: &Labels| kaggle15::source_of_count(row.count());
        assert!(filled.iter().all(|row| source(row) == kaggle15::FULL));
    }
}
