//! Pictures inside the page.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::error::ReportError;

/// A picture as it stands in the page.
///
/// Pictures are embedded as `data:` addresses, SVGs too: each of them is a document of its own there, so
/// that the ids of one do not meet those of another, and none can run a script.
///
/// ```
/// use keypoints_report::{HtmlReport, Picture, Section};
///
/// let svg = r#"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>"#;
/// let picture = Picture::svg(svg, "Error by epoch").caption("Lowest at epoch 40.");
/// let html = HtmlReport::new("Run").section(Section::new("Training").picture(picture)).render();
/// assert!(html.contains(r#"alt="Error by epoch""#) && html.contains("Lowest at epoch 40."));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    pub(crate) kind: &'static str,
    /// Base64.
    pub(crate) data: String,
    pub(crate) alt: String,
    pub(crate) caption: String,
}

const PNG: &str = "image/png";
const JPEG: &str = "image/jpeg";
const SVG: &str = "image/svg+xml";

impl Picture {
    /// An SVG document. `alt` says what the picture shows to those who do not see it.
    pub fn svg(document: &str, alt: impl Into<String>) -> Self {
        Self::new(SVG, document.as_bytes(), alt.into())
    }

    /// The bytes of a PNG file. `alt` says what the picture shows to those who do not see it.
    pub fn png(bytes: &[u8], alt: impl Into<String>) -> Self {
        Self::new(PNG, bytes, alt.into())
    }

    /// A PNG, JPEG or SVG file; its contents decide, not its name.
    ///
    /// # Errors
    /// [`ReportError::Read`], or [`ReportError::NotAPicture`] if the file is something else.
    pub fn open(path: impl AsRef<Path>, alt: impl Into<String>) -> Result<Self, ReportError> {
        let path = path.as_ref();
        let bytes =
            fs::read(path).map_err(|source| ReportError::Read { path: path.to_owned(), source })?;
        let kind = kind_of(&bytes).ok_or_else(|| ReportError::NotAPicture {
            path: path.to_owned(),
            found: beginning(&bytes),
        })?;
        Ok(Self::new(kind, &bytes, alt.into()))
    }

    /// The same picture with a line below it.
    #[must_use]
    pub fn caption(self, caption: impl Into<String>) -> Self {
        Self { caption: caption.into(), ..self }
    }

    fn new(kind: &'static str, bytes: &[u8], alt: String) -> Self {
        Self { kind, data: STANDARD.encode(bytes), alt, caption: String::new() }
    }
}

fn kind_of(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some(PNG)
    } else if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
        Some(JPEG)
    } else {
        is_svg(bytes).then_some(SVG)
    }
}

/// Whether the first element is `svg`, behind a declaration, a document type and comments.
fn is_svg(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else { return false };
    let mut rest = text.trim_start_matches('\u{feff}').trim_start();
    for (start, end) in [("<?xml", "?>"), ("<!--", "-->"), ("<!DOCTYPE", ">"), ("<!--", "-->")] {
        while rest.starts_with(start) {
            let Some(at) = rest.find(end) else { return false };
            rest = rest[at + end.len()..].trim_start();
        }
    }
    let name = rest.strip_prefix("<svg").and_then(|rest| rest.chars().next());
    name.is_some_and(|next| next.is_whitespace() || matches!(next, '>' | '/'))
}

fn beginning(bytes: &[u8]) -> String {
    if bytes.is_empty() {
        return "an empty file".to_owned();
    }
    format!("a file that begins with `{}`", bytes[..bytes.len().min(12)].escape_ascii())
}

#[cfg(test)]
mod tests;
