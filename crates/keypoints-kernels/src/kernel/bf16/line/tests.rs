use super::super::Bf16Level;
use super::super::round::round;
use super::round_line;

#[test]
fn every_column_comes_from_its_place() {
    if !Bf16Level::Avx512.is_available() {
        println!("skipped: no AVX-512 with BF16");
        return;
    }
    for width in [1, 5, 16, 40] {
        let row: Vec<f32> = (1..=width).map(|value| 1.01 * value as f32).collect();
        for first in [-40, -17, -1, 0, 3, 50] {
            for step in [1, 2, 3] {
                let mut line = vec![7; 37];
                // SAFETY: the level is available.
                unsafe { round_line(&row, first, step, &mut line) };
                for (index, found) in line.into_iter().enumerate() {
                    let column = usize::try_from(first + (step * index) as isize).ok();
                    let value = column.and_then(|column| row.get(column)).copied();
                    assert_eq!(found, value.map_or(0, round), "{width} {first} {step} {index}");
                }
            }
        }
    }
}
