//! Reading a face's picture between its pixels.

pub(crate) fn interpolated(pixels: &[u8], x: f64, y: f64) -> f64 {
    let [x, y] = [x, y].map(|place| place.clamp(0.0, 95.0));
    let (left, top) = ((x as usize).min(94), (y as usize).min(94));
    let (x, y) = (x - left as f64, y - top as f64);
    let at = |right, down| f64::from(pixels[(top + down) * 96 + left + right]);
    let upper = at(0, 0) * (1.0 - x) + at(1, 0) * x;
    let lower = at(0, 1) * (1.0 - x) + at(1, 1) * x;
    upper * (1.0 - y) + lower * y
}
