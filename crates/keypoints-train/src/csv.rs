//! Cells of a table with commas.

/// A CSV cell, in quotes where it must be (RFC 4180).
pub(crate) fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_what_would_be_two_cells() {
        assert_eq!(quoted("batches of 64"), "batches of 64");
        assert_eq!(quoted("bells, 3 px"), "\"bells, 3 px\"");
        assert_eq!(quoted("a \"b\""), "\"a \"\"b\"\"\"");
    }
}
