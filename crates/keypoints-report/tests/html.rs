//! What the HTML says: escaped words, headings in order, nothing from elsewhere.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::fs;
use std::path::Path;

use keypoints_report::{
    Best, Cell, Column, HtmlReport, Picture, ReportError, Section, Table, pictures_in,
};

const HOSTILE: &str = "</style><script>alert('x')</script><img src=x onerror=\"y\"> & \"'";
const DRAWING: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" width="40" height="20"/>"#;

/// Everything a report can hold, with the same words everywhere.
fn full_of(words: &str) -> HtmlReport {
    let table = Table::new([
        Column::text(words),
        Column::number(words).best(Best::Lowest),
        Column::number("count"),
    ])
    .caption(words)
    .row([Cell::from(words), Cell::valued(words, 1.0)])
    .row([Cell::from(words.to_owned()), Cell::number(2.0, 1), 3.into(), words.into()]);
    let inner = Section::new(words).list([words, words]).code(words);
    let section = Section::new(words)
        .text(words)
        .facts([(words, words)])
        .table(table)
        .picture(Picture::svg(words, words).caption(words))
        .picture(Picture::png(words.as_bytes(), words))
        .section(inner.clone())
        .section(inner);
    let report = HtmlReport::new(words).lead(words).footer(words);
    (0..3).fold(report, |report, _| report.section(section.clone()))
}

fn all<'a>(html: &'a str, before: &str, after: &str) -> Vec<&'a str> {
    let parts = html.split(before).skip(1);
    parts.map(|part| part.split_once(after).unwrap().0).collect()
}

#[test]
fn words_are_never_markup() {
    let html = full_of(HOSTILE).render();
    let plain = full_of("word").render();
    // As many tags and attributes as with harmless words, and not one that the words bring along.
    for mark in ["<", ">", "\""] {
        let count = |html: &str| {
            let (start, end) = (html.find("<style>").unwrap(), html.find("</style>").unwrap());
            html[..start].matches(mark).count() + html[end..].matches(mark).count()
        };
        assert_eq!(count(&html), count(&plain), "{mark}");
    }
    for banned in ["<script", "onerror=\"", "<img src=x"] {
        assert!(!html.contains(banned), "{banned}");
    }
    let escaped = HOSTILE
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;");
    assert_eq!(html.matches(&escaped).count(), plain.matches("word").count());
    // The words of a table of contents, of texts for those who cannot see, of names of boxes.
    assert_eq!(html.matches(&format!("alt=\"{escaped}\"")).count(), 6);
    assert_eq!(html.matches(&format!("aria-label=\"{escaped}\"")).count(), 3);
}

#[test]
fn nothing_comes_from_elsewhere() {
    let html = full_of("word").render();
    assert!(all(&html, "src=\"", "\"").iter().all(|source| source.starts_with("data:image/")));
    assert!(all(&html, "href=\"", "\"").iter().all(|target| target.starts_with("#section-")));
    for banned in ["http:", "https:", "url(", "@import", "<script", "<link", "<iframe", "<object"] {
        assert!(!html.contains(banned), "{banned}");
    }
    assert!(html.contains("default-src 'none'; img-src data:; style-src 'unsafe-inline'"));
}

#[test]
fn headings_descend_in_order_and_the_contents_lead_to_sections() {
    let deep = (0..6).fold(Section::new("deepest"), |inner, _| {
        Section::new("around").section(inner).section(Section::new("beside"))
    });
    let html = full_of("word").section(deep).render();
    // `</head>` and `</header>` are no headings.
    let levels: Vec<u32> =
        all(&html, "</h", ">").iter().filter_map(|level| level.parse().ok()).collect();
    assert_eq!(levels.iter().filter(|&&level| level == 1).count(), 1);
    assert_eq!(levels[0], 1);
    assert!(levels.windows(2).all(|pair| pair[1] <= pair[0] + 1), "{levels:?}");
    assert_eq!(levels.iter().max(), Some(&6));

    let ids = all(&html, "<section id=\"", "\"");
    let distinct: std::collections::BTreeSet<_> = ids.iter().collect();
    assert_eq!(ids.len(), 3 * 3 + 13);
    assert_eq!(distinct.len(), ids.len(), "{ids:?}");
    let targets = all(&html, "href=\"#", "\"");
    assert_eq!(targets, ["section-1", "section-2", "section-3", "section-4"]);
    assert!(targets.iter().all(|target| ids.contains(target)));
    assert!(html.starts_with("<!DOCTYPE html><html lang=\"en\">"));
    assert!(html.contains("<meta charset=\"utf-8\">") && html.contains("width=device-width"));

    let short = HtmlReport::new("short").section(Section::new("one")).render();
    assert!(!short.contains("<nav"));
}

#[test]
fn tables_have_heads_and_the_best_stands_out() {
    let table = Table::new([
        Column::text("way"),
        Column::number("RMSE, px").best(Best::Lowest),
        Column::number("share").best(Best::Highest),
    ])
    .row(["a".into(), Cell::number(2.0, 2), Cell::number(0.5, 1)])
    .row(["b".into(), Cell::number(f64::NAN, 2), Cell::number(0.75, 1), "extra".into()])
    .row(["c".into(), Cell::number(1.5, 2)]);
    let html = HtmlReport::new("t").section(Section::new("s").table(table)).render();
    assert_eq!(all(&html, "<strong>", "</strong>"), ["0.8", "1.50"]);
    assert_eq!(html.matches("<th scope=\"col\"").count(), 3);
    assert_eq!(all(&html, "<th scope=\"row\">", "</th>"), ["a", "b", "c"]);
    assert_eq!(html.matches("class=\"number\"").count(), 2 + 3 * 2);
    // Every row has as many cells as the longest.
    for row in all(&html, "<tr>", "</tr>") {
        assert_eq!(row.matches("</th>").count() + row.matches("</td>").count(), 4, "{row}");
    }
    assert!(html.contains(">–<") && html.contains("<td>extra</td>"));
    // A box without a name is no landmark.
    assert!(html.contains("<div class=\"scroll\" tabindex=\"0\"><table>"), "{html}");
}

#[test]
fn pictures_are_taken_from_files_by_their_contents() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("drawing.png"), DRAWING).unwrap();
    let section = Section::new("s").picture_file(at("drawing.png"), "a drawing").unwrap();
    assert_eq!(section, Section::new("s").picture_svg(DRAWING, "a drawing"));

    for (contents, found) in [
        (&b""[..], "found an empty file"),
        (b"GIF89a\x01\x00", "found a file that begins with `GIF89a\\x01\\x00`"),
    ] {
        fs::write(at("other.svg"), contents).unwrap();
        let error = Picture::open(at("other.svg"), "").unwrap_err();
        assert!(
            matches!(&error, ReportError::NotAPicture { path, .. } if *path == at("other.svg"))
        );
        assert!(error.to_string().ends_with(found), "{error}");
    }
    let error = Section::new("s").picture_file(at("missing.svg"), "").unwrap_err();
    assert!(matches!(&error, ReportError::Read { path, .. } if *path == at("missing.svg")));
}

#[test]
fn a_folder_gives_each_picture_once() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let faces = "<svg><image href=\"data:image/png;base64,\"/></svg>";
    for (name, contents) in [
        ("worst_faces.svg", faces),
        ("worst_faces.png", "pixels"),
        ("loss.png", "pixels"),
        ("loss.svg", DRAWING),
        ("gaps.SVG", DRAWING),
        ("photo.jpeg", "pixels"),
        ("faces_only.svg", faces),
        ("notes.txt", "text"),
        (".hidden.png", "pixels"),
        ("png", "no extension"),
    ] {
        fs::write(at(name), contents).unwrap();
    }
    fs::create_dir(at("folder.png")).unwrap();
    let found: Vec<_> = pictures_in(folder.path()).unwrap().into_iter().collect();
    let expected = [
        ("faces_only", "faces_only.svg"),
        ("gaps", "gaps.SVG"),
        ("loss", "loss.svg"),
        ("photo", "photo.jpeg"),
        ("worst_faces", "worst_faces.png"),
    ];
    assert_eq!(found, expected.map(|(name, file)| (name.to_owned(), at(file))));
    let error = pictures_in(at("nowhere")).unwrap_err();
    assert!(matches!(&error, ReportError::Read { path, .. } if *path == at("nowhere")));
}

#[test]
fn the_file_holds_what_was_rendered_or_what_it_held() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.html");
    let report = full_of("Ärger & <Ruhe>");
    fs::write(&path, "older").unwrap();
    report.write(&path).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), report.render());
    assert_eq!(report.render(), report.clone().render());

    let nowhere = Path::new(&path).join("report.html");
    let error = report.write(&nowhere).unwrap_err();
    assert!(matches!(&error, ReportError::Write { path, .. } if *path == nowhere));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}
