//! From a file, plain or zipped, to checked rows: pixels in one block, the small columns beside it.
//!
//! `source` finds the bytes, `blocks` streams them as whole lines from a thread of its own, `row` takes
//! a line apart, `table` does that for many lines at once, `columns` reads the small columns with Polars.

mod blocks;
mod columns;
mod header;
mod row;
mod source;
mod table;

pub(crate) use columns::{Columns, parse_id};
pub(crate) use header::Shape;
pub(crate) use source::{FileKind, zip_may_hold};
pub(crate) use table::read_table;
