//! Markdown and CSV.

/// A Markdown table: the first `left` columns hold names, the others numbers. An empty cell becomes a dash, a column without any
/// text is left out.
pub(crate) fn markdown(columns: &[String], left: usize, rows: &[Vec<String>]) -> String {
    let filled = |&at: &usize| at == 0 || rows.iter().any(|row| !row[at].is_empty());
    let kept: Vec<usize> = (0..columns.len()).filter(filled).collect();
    let line = |cell: &dyn Fn(usize) -> String| {
        let cells: Vec<String> = kept.iter().map(|&at| cell(at)).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let escaped = |text: &str| text.replace('|', "\\|");
    let mut text = line(&|at| escaped(&columns[at]));
    text += &line(&|at| if at < left { "---" } else { "---:" }.to_owned());
    for row in rows {
        text += &line(&|at| match row[at].as_str() {
            "" if at > 0 => "–".to_owned(),
            cell => escaped(cell),
        });
    }
    text
}

/// A line of a CSV file.
pub(crate) fn csv_line(cells: &[String]) -> String {
    let quoted = |cell: &String| match cell.contains([',', '"', '\n']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.clone(),
    };
    cells.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n"
}

#[cfg(test)]
mod tests;
