//! The start of a text from a file, for an error.

/// How many characters of a file's own text an error repeats.
const EXCERPT_CHARS: usize = 40;

/// The start of a text from a file, safe to show on a terminal.
pub(crate) fn excerpt(text: &[u8]) -> String {
    // A character is at most four bytes long, so this much is enough to see whether there is more.
    let head = &text[..text.len().min(4 * (EXCERPT_CHARS + 1))];
    let head = String::from_utf8_lossy(head);
    let mut shown = String::new();
    for (index, character) in head.chars().enumerate() {
        if index == EXCERPT_CHARS {
            shown.push('…');
            break;
        }
        if character.is_control() {
            shown.extend(character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

#[cfg(test)]
mod tests;
