use super::*;

/// Every tap of every output pixel of every band must find its input pixel, or 0 in the padding.
#[test]
fn every_tap_finds_its_pixel() {
    for (source, taps, stride, first, output) in [
        ([5, 7], [3, 3], [1, 1], [-1, -1], [5, 7]),
        ([5, 7], [3, 3], [2, 2], [-1, -1], [3, 4]),
        ([6, 4], [1, 1], [2, 2], [0, 0], [3, 2]),
        ([4, 4], [2, 3], [3, 1], [-2, 2], [3, 5]),
        ([1, 1], [3, 5], [1, 2], [-4, -7], [7, 6]),
    ] {
        let [output_rows, columns] = output;
        let window = Window { source, first, stride, taps, columns };
        let plane: Vec<f32> = (1..=source[0] * source[1]).map(|value| value as f32).collect();
        for rows in 1..=output_rows {
            for from in 0..=output_rows - rows {
                let mut packed = vec![f32::NAN; window.channel_len(rows)];
                window.pack(&plane, from, rows, &mut packed);
                for (row, column) in grid([rows, columns]) {
                    for (down, right) in grid(taps) {
                        let y = ((from + row) * stride[0] + down) as isize + first[0];
                        let x = (column * stride[1] + right) as isize + first[1];
                        let inside =
                            y >= 0 && x >= 0 && y < source[0] as isize && x < source[1] as isize;
                        let expected =
                            if inside { (y * source[1] as isize + x + 1) as f32 } else { 0.0 };
                        let at = window.offset([down, right], rows) + row * window.pitch() + column;
                        assert_eq!(packed[at], expected, "{window:?} {rows} {from} {y} {x}");
                    }
                }
            }
        }
    }
}

fn grid([rows, columns]: [usize; 2]) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).flat_map(move |row| (0..columns).map(move |column| (row, column)))
}
