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
mod tests {
    use super::*;
    use crate::area::px;
    use crate::style::{INK, text};

    #[test]
    fn names_break_between_words_and_keep_their_letters() {
        let style = text(14, INK, false);
        assert_eq!(wrap("one model", &style, px(200)), ["one model"]);
        assert_eq!(wrap("", &style, px(200)), [""]);
        for name in
            ["two models, pseudo-labels", "efficientnet_b0_masked_two_head", &"m".repeat(40)]
        {
            let lines = wrap(name, &style, px(230));
            assert!((1..=3).contains(&lines.len()), "{lines:?}");
            assert!(lines.iter().all(|line| width(line, &style) <= px(230)), "{lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), name.replace(' ', ""));
        }
        let lines = wrap("two models, pseudo-labels", &style, px(120));
        assert_eq!(lines, ["two models,", "pseudo-labels"]);
    }

    #[test]
    fn what_is_too_long_ends_in_an_ellipsis() {
        let style = text(14, INK, false);
        for name in ["word ".repeat(100), "w".repeat(5000), "ß界".repeat(200)] {
            let lines = wrap(&name, &style, px(150));
            assert_eq!(lines.len(), 3);
            assert!(lines[2].ends_with('…'), "{lines:?}");
            assert!(lines.iter().all(|line| width(line, &style) <= px(150)), "{lines:?}");
        }
        // There is no room for anything: a character each, and an end.
        assert_eq!(wrap("abcdef", &style, 0).len(), 3);
    }
}
