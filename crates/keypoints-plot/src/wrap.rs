//! Long names in little room.

use plotters::style::TextStyle;

use crate::style::{printable, width};

/// No name needs more, and a text that is no name need not be measured to its end.
const MOST_LINES: usize = 3;
const MOST_CHARACTERS: usize = 300;

/// Breaks a name into lines of at most `room` drawing units: between words where that is possible, and
/// with an ellipsis at the end if three lines are not enough.
pub(crate) fn wrap(name: &str, style: &TextStyle<'_>, room: i32) -> Vec<String> {
    let name: String = printable(name).chars().take(MOST_CHARACTERS).collect();
    let fits = |words: &str| width(words.trim_end(), style) <= room;
    let mut lines = Vec::new();
    let mut line = String::new();
    for piece in name.split_inclusive([' ', '_', '-', '/', ',']) {
        if !line.is_empty() && !fits(&format!("{line}{piece}")) {
            lines.push(std::mem::take(&mut line));
        }
        line += piece;
        while !fits(&line) && line.chars().nth(1).is_some() {
            let rest = line.split_off(longest_start(&line, fits));
            lines.push(std::mem::replace(&mut line, rest));
        }
    }
    lines.push(line);
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        if let Some(last) = lines.last_mut() {
            while !last.is_empty() && !fits(&format!("{last}…")) {
                last.pop();
            }
            *last = format!("{}…", last.trim_end());
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// Where the longest start that fits ends, in bytes; at least one character.
fn longest_start(words: &str, fits: impl Fn(&str) -> bool) -> usize {
    let ends: Vec<usize> = words.char_indices().map(|(at, _)| at).skip(1).collect();
    let count = ends.partition_point(|&end| fits(&words[..end]));
    ends.get(count.saturating_sub(1)).copied().unwrap_or(words.len())
}

#[cfg(test)]
mod tests;
