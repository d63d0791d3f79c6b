//! Reports as one HTML file that needs nothing else: no network, no script, no font, no file beside it.
//!
//! A report is a title and sections of text, facts, tables, pictures and code. It knows nothing of
//! training: whoever has something to report hands it words, numbers and pictures.
//!
//! - It can be sent by mail and be read on a telephone: pictures shrink to its width, with a switch to full
//!   size, and wide tables scroll in a box of their own. It follows the reader's dark mode.
//! - Whatever words it is given appear as these words. A path with `<` or `&` in it is no markup.
//! - The file tells the browser to load nothing and to run nothing (`Content-Security-Policy`), so a
//!   picture from elsewhere cannot make it do so either.
//!
//! ```
//! use keypoints_report::{Best, Cell, Column, HtmlReport, Section, Table};
//!
//! let scores = Table::new([Column::text("strategy"), Column::number("RMSE, px").best(Best::Lowest)])
//!     .caption("Held-out faces, mean of three seeds")
//!     .row([Cell::from("drop"), Cell::number(2.5472, 3)])
//!     .row([Cell::from("masked two-head"), Cell::number(1.6301, 3)]);
//! let drawing = r#"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>"#;
//! let report = HtmlReport::new("Strategies <compared>")
//!     .lead("Two heads are better than one.")
//!     .section(
//!         Section::new("Scores").table(scores).picture_svg(drawing, "Scores per strategy and seed"),
//!     )
//!     .section(
//!         Section::new("How it was made")
//!             .facts([("rows", "7049"), ("seed", "7")])
//!             .code("cargo run --release --example compare"),
//!     );
//!
//! let folder = tempfile::tempdir()?;
//! report.write(folder.path().join("report.html"))?;
//! let html = report.render();
//! assert!(html.contains("Strategies &lt;compared&gt;"));
//! assert!(html.contains("<strong>1.630</strong>"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod error;
mod folder;
mod page;
mod picture;
mod report;
mod section;
mod table;

pub use error::ReportError;
pub use folder::pictures_in;
pub use picture::Picture;
pub use report::HtmlReport;
pub use section::Section;
pub use table::{Best, Cell, Column, Table};
