//! A report as a whole.

use crate::section::Section;

/// A report on its way into one HTML file; see the [crate](crate) for an example.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HtmlReport {
    pub(crate) title: String,
    pub(crate) lead: Vec<String>,
    pub(crate) sections: Vec<Section>,
    pub(crate) footer: String,
}

impl HtmlReport {
    /// A report with nothing but a title.
    pub fn new(title: impl Into<String>) -> Self {
        Self { title: title.into(), ..Self::default() }
    }

    /// Adds a paragraph below the title: what the reader should take home.
    #[must_use]
    pub fn lead(mut self, text: impl Into<String>) -> Self {
        self.lead.push(text.into());
        self
    }

    /// Adds a section. From three sections on the report begins with a table of contents.
    #[must_use]
    pub fn section(mut self, section: Section) -> Self {
        self.sections.push(section);
        self
    }

    /// Sets the last line: which program made the report, and when.
    #[must_use]
    pub fn footer(self, text: impl Into<String>) -> Self {
        Self { footer: text.into(), ..self }
    }
}
