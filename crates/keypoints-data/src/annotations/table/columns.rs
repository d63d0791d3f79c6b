//! What the columns of a table are for.

use std::borrow::Cow;

use keypoints_core::Schema;

use super::boxes::{BoxColumns, boxes, simple};
use super::cells::{Rows, is_gap, number};
use super::coordinates::{Coordinate, PointColumns, coordinate, points};
use crate::annotations::error::AnnotationProblem;
use crate::annotations::find::is_picture;
use crate::excerpt::excerpt;

/// What the column of the picture is called, without capitals, spaces and underscores.
const PICTURE: [&str; 21] = [
    "picture",
    "pictures",
    "picturename",
    "picturepath",
    "picturefile",
    "image",
    "images",
    "imagename",
    "imagepath",
    "imagefile",
    "imagefilename",
    "img",
    "imgname",
    "imgpath",
    "imgfile",
    "file",
    "filename",
    "filepath",
    "path",
    "photo",
    "photopath",
];

/// What a table without header has beside WFLW's 98 points: a box, then six flags.
const WFLW: usize = 2 * 98 + 4 + 6;

/// Which columns hold what.
#[derive(Debug)]
pub(super) struct Columns {
    /// How many there are.
    pub(super) fields: usize,
    pub(super) picture: usize,
    pub(super) region: Option<BoxColumns>,
    /// In the order of the file; no name is there twice.
    pub(super) points: Vec<PointColumns>,
    /// Numbers that mean nothing here.
    pub(super) flags: Vec<usize>,
    /// Empty without a header.
    names: Vec<String>,
}

impl Columns {
    pub(super) fn has_header(&self) -> bool {
        !self.names.is_empty()
    }

    /// A column's name, for an error.
    pub(super) fn label(&self, column: usize) -> String {
        match self.names.get(column) {
            Some(name) => format!("column `{}`", excerpt(name.as_bytes())),
            None => format!("field {}", column + 1),
        }
    }

    /// Whether a row has a cell per column. A separator may end it.
    pub(super) fn fits(&self, cells: &[Cow<'_, str>]) -> bool {
        fits(cells, self.fields)
    }

    /// The columns of a line without header: a picture's name first or last, all else numbers. `None` for other lines.
    pub(super) fn of_line(
        cells: &[Cow<'_, str>],
        decimal_comma: bool,
    ) -> Option<Result<Self, AnnotationProblem>> {
        let cells = without_last_blank(cells);
        let last = cells.len().checked_sub(1)?;
        let is_number = |cell: &Cow<'_, str>| number(cell, decimal_comma).is_ok();
        let counts = |cell: &&Cow<'_, str>| !is_gap(cell);
        let (picture, numbers) = match (is_picture_name(&cells[0]), is_picture_name(&cells[last])) {
            (true, false) => (0, 1..cells.len()),
            (false, true) => (last, 0..last),
            _ => return None,
        };
        let others = &cells[numbers.clone()];
        if !others.iter().all(is_number) || others.iter().filter(counts).count() < 2 {
            return None;
        }
        let is_wflw = picture == last && numbers.len() == WFLW;
        let points = if is_wflw { 98 } else { numbers.len() / 2 };
        if !is_wflw && numbers.len() % 2 != 0 {
            let what = format!(
                "a picture and {} numbers: without a header, an x and a y per point is expected",
                numbers.len()
            );
            return Some(Err(AnnotationProblem::Malformed(what)));
        }
        let point = |index: usize| {
            let x = numbers.start + 2 * index;
            PointColumns { name: (index + 1).to_string(), x, y: x + 1 }
        };
        let of_box = BoxColumns { columns: [196, 197, 198, 199], corners: true };
        Some(Ok(Self {
            fields: cells.len(),
            picture,
            region: is_wflw.then_some(of_box),
            points: (0..points).map(point).collect(),
            flags: if is_wflw { (200..WFLW).collect() } else { vec![] },
            names: vec![],
        }))
    }

    /// The columns of a header.
    pub(super) fn of_header(
        header: &[Cow<'_, str>],
        rows: &dyn Rows,
    ) -> Result<Self, AnnotationProblem> {
        let header = without_last_blank(header);
        let sorted = Sorted::new(header);
        let shown = |column: usize| format!("`{}`", excerpt(header[column].as_bytes()));
        let wrong = |what: String| Err(AnnotationProblem::Malformed(what));
        let is_number = |cell: &&Cow<'_, str>| !is_gap(cell) && number(cell, true).is_ok();
        if header.iter().filter(is_number).count() > 1 {
            let is_odd = |cell: &str| number(cell, true).is_err() && !is_picture_name(cell);
            let odd = (0..header.len()).find(|&column| is_odd(&header[column])).map(shown);
            let found = odd.unwrap_or_else(|| "no name, or a second one,".to_owned());
            return wrong(format!(
                "neither a header nor a picture's name and numbers: {found} is there"
            ));
        }
        if sorted.is_competition(header, rows) {
            return wrong(
                "the training file of Kaggle's Facial Keypoints Detection: the pictures are in it, \
                 so give the folder as competition data"
                    .to_owned(),
            );
        }
        if let [_, other, ..] = sorted.boxes[..] {
            let column = shown(other.columns[0]);
            return wrong(format!("a second box, from column {column} on; keep one of them"));
        }
        let mut others = sorted.others;
        let picture = match sorted.pictures[..] {
            [only] => only,
            [one, other, ..] => {
                let (one, other) = (shown(one), shown(other));
                return wrong(format!("columns {one} and {other} both name the picture; keep one"));
            }
            [] => match picture_columns(rows, &others, header.len())[..] {
                [only] => only,
                _ => return wrong("no column names the picture; call it `picture`".to_owned()),
            },
        };
        others.retain(|&column| column != picture);
        if let Some(&column) = others.first() {
            return wrong(format!(
                "column {} is not known; expected the picture's name (`picture`), a box (`left`, `top`, `width`, `height`), or \
                 coordinates (`<point>_x`, `<point>_y`); rename the column, or take it out",
                shown(column)
            ));
        }
        let points = points(&sorted.coordinates, &shown)?;
        let names = header.iter().map(|name| name.to_string()).collect();
        let region = sorted.boxes.into_iter().next();
        Ok(Self { fields: header.len(), picture, region, points, flags: vec![], names })
    }

    /// Whether a header has at least a picture and a point, and is not the competition's.
    pub(super) fn may_be_header(header: &[Cow<'_, str>], rows: &dyn Rows) -> bool {
        let header = without_last_blank(header);
        let sorted = Sorted::new(header);
        let has_point = sorted.coordinates.iter().any(|one| {
            let is_other = |two: &&Coordinate| two.name == one.name && two.is_y != one.is_y;
            sorted.coordinates.iter().any(|two| is_other(&two))
        });
        has_point
            && (!sorted.pictures.is_empty()
                || picture_columns(rows, &sorted.others, header.len()).len() == 1)
            && !sorted.is_competition(header, rows)
    }
}

/// The columns of a header by what they are for.
struct Sorted {
    pictures: Vec<usize>,
    boxes: Vec<BoxColumns>,
    coordinates: Vec<Coordinate>,
    others: Vec<usize>,
}

impl Sorted {
    fn new(header: &[Cow<'_, str>]) -> Self {
        let simple: Vec<String> = header.iter().map(|name| simple(name)).collect();
        let boxes = boxes(&simple);
        let mut sorted = Self { pictures: vec![], boxes, coordinates: vec![], others: vec![] };
        for (column, name) in header.iter().enumerate() {
            let simple = &*simple[column];
            let is_index = matches!(simple, "" | "index" | "id" | "source");
            let in_box = sorted.boxes.iter().any(|one| one.columns.contains(&column));
            if in_box || is_index || simple.starts_with("unnamed:") {
                continue;
            }
            if PICTURE.contains(&&*simple.replace('_', "")) {
                sorted.pictures.push(column);
            } else if let Some((name, is_y)) = coordinate(name) {
                sorted.coordinates.push(Coordinate { name: name.to_owned(), is_y, column });
            } else {
                sorted.others.push(column);
            }
        }
        sorted
    }

    /// Whether this is `training.csv` of the competition, whose column `Image` has pixels in it.
    fn is_competition(&self, header: &[Cow<'_, str>], rows: &dyn Rows) -> bool {
        let [image] = self.pictures[..] else { return false };
        if header[image] != "Image" {
            return false;
        }
        let cells = rows.rows().next().and_then(|(_, cells)| cells.ok());
        match cells.as_ref().and_then(|cells| cells.get(image)) {
            Some(cell) => {
                let mut pixels = cell.split(' ').take(16).map(|one| one.parse::<u8>());
                pixels.clone().count() == 16 && pixels.all(|one| one.is_ok())
            }
            // A header alone, or a first row that was cut off.
            None => {
                let names = Schema::kaggle15().coordinate_names();
                names.iter().all(|name| header.iter().any(|one| one == name))
            }
        }
    }
}

/// Those of the columns in which every cell that is not blank names a picture.
fn picture_columns(rows: &dyn Rows, columns: &[usize], fields: usize) -> Vec<usize> {
    let mut found: Vec<(usize, bool)> = columns.iter().map(|&column| (column, false)).collect();
    for cells in rows.rows().filter_map(|(_, cells)| cells.ok()) {
        if found.is_empty() {
            break;
        }
        if fits(&cells, fields) {
            found.retain(|(column, _)| {
                cells[*column].is_empty() || is_picture_name(&cells[*column])
            });
            for (column, named) in &mut found {
                *named |= !cells[*column].is_empty();
            }
        }
    }
    found.into_iter().filter(|(_, named)| *named).map(|(column, _)| column).collect()
}

fn is_picture_name(cell: &str) -> bool {
    is_picture(cell.as_ref())
}

fn fits(cells: &[Cow<'_, str>], fields: usize) -> bool {
    cells.len() == fields || (cells.len() == fields + 1 && cells[fields].is_empty())
}

/// A line may end with a separator.
fn without_last_blank<'a, 'c>(cells: &'a [Cow<'c, str>]) -> &'a [Cow<'c, str>] {
    match cells {
        [others @ .., last] if last.is_empty() && !others.is_empty() => others,
        _ => cells,
    }
}
