//! From a report to HTML.

use std::path::Path;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::error::ReportError;
use crate::picture::Picture;
use crate::report::HtmlReport;
use crate::section::{Block, Section};
use crate::table::Table;

const STYLE: &str = include_str!("page.css");

/// Pictures and style are in the file; there is nothing else to load, and nothing to run.
const POLICY: &str = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/// From so many sections on a reader wants to jump.
const CONTENTS_FROM: usize = 3;

impl HtmlReport {
    /// The HTML document. The same report always makes the same document.
    pub fn render(&self) -> String {
        page(self).into_string()
    }

    /// Writes the HTML document; an older one is replaced as a whole or not at all.
    ///
    /// # Errors
    /// [`ReportError::Write`].
    pub fn write(&self, path: impl AsRef<Path>) -> Result<(), ReportError> {
        let path = path.as_ref();
        keypoints_files::write(path, self.render().as_bytes())
            .map_err(|source| ReportError::Write { path: path.to_owned(), source })
    }
}

fn page(report: &HtmlReport) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (report.title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                main {
                    header {
                        h1 { (report.title) }
                        @for text in &report.lead {
                            p.lead { (text) }
                        }
                    }
                    @if report.sections.len() >= CONTENTS_FROM {
                        nav aria-label="Contents" {
                            ol {
                                @for (index, section) in report.sections.iter().enumerate() {
                                    li { a href={ "#" (id(&[index])) } { (section.heading) } }
                                }
                            }
                        }
                    }
                    @for (index, one) in report.sections.iter().enumerate() {
                        (section(one, &mut vec![index]))
                    }
                }
                @if !report.footer.is_empty() {
                    footer { p { (report.footer) } }
                }
            }
        }
    }
}

/// Headings come from users, so ids are made of numbers.
fn id(place: &[usize]) -> String {
    let numbers: Vec<String> = place.iter().map(|index| (index + 1).to_string()).collect();
    format!("section-{}", numbers.join("-"))
}

/// `place` is the number of the section among its neighbours, and before it those of the sections around it.
fn section(section: &Section, place: &mut Vec<usize>) -> Markup {
    let id = id(place);
    let heading = html! {
        @match place.len() {
            1 => h2 { (section.heading) },
            2 => h3 { (section.heading) },
            3 => h4 { (section.heading) },
            4 => h5 { (section.heading) },
            _ => h6 { (section.heading) },
        }
    };
    place.push(0);
    let blocks: Vec<Markup> = section.blocks.iter().map(|one| block(one, place)).collect();
    place.pop();
    html! {
        section id=(id) {
            (heading)
            @for block in blocks { (block) }
        }
    }
}

fn block(block: &Block, place: &mut Vec<usize>) -> Markup {
    match block {
        Block::Text(text) => html! { p { (text) } },
        Block::List(items) => html! { ul { @for item in items { li { (item) } } } },
        Block::Facts(facts) => html! {
            dl {
                @for (name, value) in facts {
                    div { dt { (name) } dd { (value) } }
                }
            }
        },
        Block::Code(code) => html! { pre tabindex="0" { code { (code) } } },
        Block::Table(one) => table(one),
        Block::Picture(one) => picture(one),
        Block::Section(below) => {
            let markup = section(below, place);
            if let Some(last) = place.last_mut() {
                *last += 1;
            }
            markup
        }
    }
}

fn table(table: &Table) -> Markup {
    let best = table.best();
    let width = table.rows.iter().map(Vec::len).max().unwrap_or(0).max(table.columns.len());
    let class = |index: usize| {
        let is_number = table.columns.get(index).is_some_and(|column| column.is_number);
        is_number.then_some("number")
    };
    let content = |row: &[crate::Cell], index: usize| {
        let cell = row.get(index).cloned().unwrap_or_default();
        let is_best = best.get(index).is_some_and(|best| best.is_some() && *best == cell.value);
        html! { @if is_best { strong { (cell.text) } } @else { (cell.text) } }
    };
    // A box that scrolls can be reached with the keyboard, and has a name if the table has one.
    let named = !table.caption.is_empty();
    html! {
        figure.table {
            @if named { figcaption { (table.caption) } }
            div.scroll tabindex="0" role=[named.then_some("region")]
                aria-label=[named.then_some(&table.caption)] {
                table {
                    thead {
                        tr {
                            @for index in 0..width {
                                @match table.columns.get(index) {
                                    Some(column) => th scope="col" class=[class(index)] { (column.name) },
                                    None => td {},
                                }
                            }
                        }
                    }
                    tbody {
                        @for row in &table.rows {
                            tr {
                                @for index in 0..width {
                                    @if index == 0 {
                                        th scope="row" class=[class(0)] { (content(row, 0)) }
                                    } @else {
                                        td class=[class(index)] { (content(row, index)) }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn picture(picture: &Picture) -> Markup {
    html! {
        figure.picture {
            div.frame {
                img src={ "data:" (picture.kind) ";base64," (picture.data) } alt=(picture.alt);
            }
            label.zoom { input type="checkbox"; " Full size" }
            @if !picture.caption.is_empty() { figcaption { (picture.caption) } }
        }
    }
}
