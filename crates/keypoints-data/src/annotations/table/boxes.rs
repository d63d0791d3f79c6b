//! The columns of an object's box.

/// What the four columns of a box are called, and whether the last two are its other corner. Each may start with one of
/// [`PREFIXES`].
const BOXES: [([&str; 4], bool); 7] = [
    (["left", "top", "width", "height"], false),
    (["x", "y", "w", "h"], false),
    (["x", "y", "width", "height"], false),
    (["left", "top", "right", "bottom"], true),
    (["x_min", "y_min", "x_max", "y_max"], true),
    (["xmin", "ymin", "xmax", "ymax"], true),
    (["x1", "y1", "x2", "y2"], true),
];

const PREFIXES: [&str; 4] = ["", "bbox_", "box_", "face_"];

/// The four columns of a box: left, top, and its size or its other corner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BoxColumns {
    pub(super) columns: [usize; 4],
    /// Whether the last two are right and bottom, not width and height.
    pub(super) corners: bool,
}

/// The boxes that these columns make, the names as [`simple`] returns them.
pub(super) fn boxes(names: &[String]) -> Vec<BoxColumns> {
    let mut boxes = Vec::new();
    for prefix in PREFIXES {
        for (parts, corners) in BOXES {
            if prefix.is_empty() && parts[0] == "x1" && has_numbered_points(names) {
                continue;
            }
            let column = |part: &str| {
                let is_it = |name: &String| name.strip_prefix(prefix) == Some(part);
                names.iter().position(is_it)
            };
            if let [Some(one), Some(two), Some(three), Some(four)] = parts.map(column) {
                boxes.push(BoxColumns { columns: [one, two, three, four], corners });
            }
        }
    }
    boxes
}

/// Whether `x1`, `y1`, `x2` and `y2` are points: where there are other such columns, or no other coordinates.
fn has_numbered_points(names: &[String]) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number = |name: &&String| name.strip_prefix(['x', 'y']).is_some_and(is_number);
    let has_names = |name: &String| {
        let named = name.strip_suffix(['x', 'y']).is_some_and(|start| start.ends_with('_'));
        named || name.starts_with("x_") || name.starts_with("y_")
    };
    names.iter().filter(number).count() != 4 || !names.iter().any(has_names)
}

/// A column's name in small letters, with `_` for spaces, points and hyphens.
pub(super) fn simple(name: &str) -> String {
    let simple = |c: char| if matches!(c, ' ' | '.' | '-') { '_' } else { c };
    name.trim().to_lowercase().chars().map(simple).collect()
}
