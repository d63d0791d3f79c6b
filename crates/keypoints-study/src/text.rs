//! Markdown, CSV and names.

/// Name and version of the program, for records.
pub(crate) const PROGRAM: &str = concat!(env!("CARGO_PKG_NAME"), " ", env!("CARGO_PKG_VERSION"));

/// A Markdown table with names in the first column and numbers in the others. An empty cell becomes a dash.
pub(crate) fn markdown(columns: &[String], rows: &[Vec<String>]) -> String {
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    let escaped = |text: &String| text.replace('|', "\\|");
    let under = |at| if at == 0 { "---" } else { "---:" }.to_owned();
    let mut text = line(columns.iter().map(escaped).collect());
    text += &line((0..columns.len()).map(under).collect());
    for row in rows {
        let cell = |text: &String| if text.is_empty() { "–".to_owned() } else { escaped(text) };
        text += &line(row.iter().map(cell).collect());
    }
    text
}

/// Leaves out the columns without any text, except the first.
pub(crate) fn filled(columns: &[String], rows: &[Vec<String>]) -> (Vec<String>, Vec<Vec<String>>) {
    let filled = |&at: &usize| at == 0 || rows.iter().any(|row| !row[at].is_empty());
    let kept: Vec<usize> = (0..columns.len()).filter(filled).collect();
    let of = |all: &[String]| kept.iter().map(|&at| all[at].clone()).collect();
    (of(columns), rows.iter().map(|row| of(row)).collect())
}

/// A line of a CSV file.
pub(crate) fn csv_line(cells: &[String]) -> String {
    let quoted = |cell: &String| match cell.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", cell.replace('"', "\"\"")),
        false => cell.clone(),
    };
    cells.iter().map(quoted).collect::<Vec<_>>().join(",") + "\n"
}

/// The texts without repeats, in the order of their first place.
pub(crate) fn distinct<'a>(all: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let mut found = Vec::new();
    for text in all {
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}

/// The name, numbered where it is taken: `name-2`.
pub(crate) fn free_name(name: &str, taken: impl Fn(&str) -> bool) -> String {
    let numbered = (2..).map(|number| format!("{name}-{number}"));
    let free = std::iter::once(name.to_owned()).chain(numbered).find(|one| !taken(one));
    free.unwrap_or_default()
}

#[cfg(test)]
mod tests;
