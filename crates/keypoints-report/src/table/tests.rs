use super::*;

#[test]
fn the_best_is_found_among_numbers_only() {
    let table = Table::new([
        Column::text("name"),
        Column::number("error").best(Best::Lowest),
        Column::number("share").best(Best::Highest),
        Column::number("count"),
        Column::number("lonely").best(Best::Lowest),
    ])
    .row(["a".into(), Cell::number(2.0, 1), Cell::valued("10 %", 0.1), 3.into(), 1.into()])
    .row(["b".into(), Cell::number(f64::NAN, 1), Cell::valued("9 %", 0.09), 4.into()])
    .rows([["c".into(), Cell::number(-1.0, 1)]]);
    assert_eq!(table.best(), [None, Some(-1.0), Some(0.1), None, None]);
    assert_eq!(table.rows[1][1].text, "–");
    assert_eq!(table.rows[2][1].text, "−1.0");
}
