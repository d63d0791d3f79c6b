//! Sections: what a report is made of.

use std::path::Path;

use crate::error::ReportError;
use crate::picture::Picture;
use crate::table::Table;

/// A part of a report under a heading. What is added appears in this order.
///
/// ```
/// use keypoints_report::{HtmlReport, Section};
///
/// let section = Section::new("Data")
///     .text("Faces of 96×96 pixels.")
///     .facts([("rows", "7049"), ("fully labelled", "2140")])
///     .list(["row 1748 is mislabelled", "row 1862 is mislabelled"])
///     .section(Section::new("Origin").code("kaggle competitions download"));
/// let html = HtmlReport::new("Report").section(section).render();
/// assert!(html.contains("<dt>rows</dt><dd>7049</dd>") && html.contains("Origin</h3>"));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    pub(crate) heading: String,
    pub(crate) blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Block {
    Text(String),
    List(Vec<String>),
    Facts(Vec<(String, String)>),
    Code(String),
    Table(Table),
    Picture(Picture),
    Section(Section),
}

impl Section {
    /// A section with nothing in it.
    pub fn new(heading: impl Into<String>) -> Self {
        Self { heading: heading.into(), blocks: Vec::new() }
    }

    /// Adds a paragraph.
    #[must_use]
    pub fn text(self, text: impl Into<String>) -> Self {
        self.with(Block::Text(text.into()))
    }

    /// Adds a list of short texts.
    #[must_use]
    pub fn list<S: Into<String>>(self, items: impl IntoIterator<Item = S>) -> Self {
        self.with(Block::List(items.into_iter().map(Into::into).collect()))
    }

    /// Adds names with their values, one below the other.
    #[must_use]
    pub fn facts<N: Into<String>, V: Into<String>>(
        self,
        facts: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let facts = facts.into_iter().map(|(name, value)| (name.into(), value.into()));
        self.with(Block::Facts(facts.collect()))
    }

    /// Adds a command, a configuration or a log. Lines are kept as they are; long ones scroll in a box of
    /// their own, and so do many.
    #[must_use]
    pub fn code(self, code: impl Into<String>) -> Self {
        self.with(Block::Code(code.into()))
    }

    /// Adds a table.
    #[must_use]
    pub fn table(self, table: Table) -> Self {
        self.with(Block::Table(table))
    }

    /// Adds a picture.
    #[must_use]
    pub fn picture(self, picture: Picture) -> Self {
        self.with(Block::Picture(picture))
    }

    /// Adds an SVG document. `alt` says what the picture shows to those who do not see it.
    #[must_use]
    pub fn picture_svg(self, document: &str, alt: impl Into<String>) -> Self {
        self.picture(Picture::svg(document, alt))
    }

    /// Adds a PNG, JPEG or SVG file. `alt` says what the picture shows to those who do not see it.
    ///
    /// # Errors
    /// See [`Picture::open`].
    pub fn picture_file(
        self,
        path: impl AsRef<Path>,
        alt: impl Into<String>,
    ) -> Result<Self, ReportError> {
        Ok(self.picture(Picture::open(path, alt)?))
    }

    /// Adds a section below this one, with a smaller heading.
    #[must_use]
    pub fn section(self, section: Self) -> Self {
        self.with(Block::Section(section))
    }

    fn with(mut self, block: Block) -> Self {
        self.blocks.push(block);
        self
    }
}
