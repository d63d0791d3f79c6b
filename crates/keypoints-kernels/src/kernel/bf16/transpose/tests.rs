use super::*;

#[test]
fn rows_become_columns() {
    if !is_x86_feature_detected!("avx512f") {
        println!("skipped: no AVX-512");
        return;
    }
    let rows: [[u32; 16]; 16] =
        std::array::from_fn(|row| std::array::from_fn(|column| (100 * row + column) as u32));
    // SAFETY: sixteen `u32` are a register, and the processor has AVX-512.
    let columns: [[u32; 16]; 16] = unsafe {
        let rows = std::mem::transmute::<[[u32; 16]; 16], [__m512i; 16]>(rows);
        std::mem::transmute::<[__m512i; 16], [[u32; 16]; 16]>(transpose(rows))
    };
    for (column, values) in columns.iter().enumerate() {
        for (row, value) in values.iter().enumerate() {
            assert_eq!(*value, (100 * row + column) as u32);
        }
    }
}
