//! A report in a real browser, as wide as a telephone: nothing hangs over the edge, every picture is there,
//! and hostile words are words.
//!
//! `CHROME` names the browser; otherwise Chromium or Chrome is looked for in `PATH`. An empty `CHROME`
//! skips the test.

#![allow(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::env;
use std::ffi::OsString;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use keypoints_plot::{
    Curve, CurveOptions, MarkSet, Picture, PictureCell, PictureGridOptions, ScoreOptions, ScoreRow,
    loss_curves, picture_grid, score_dots,
};
use keypoints_report::{Best, Cell, Column, HtmlReport, Section, Table, pictures_in};
use tempfile::TempDir;

const HOSTILE: &str = "</p></section><script>document.title='taken'</script>\
                       <style>*{display:none}</style><img src=x onerror=\"document.title='taken'\"> &amp; \"'";
const PICTURES: usize = 6;

/// Narrower than a browser window can be, so the page is shown in a frame of this width.
const TELEPHONE: u32 = 390;

/// Writes what the page in the frame looks like into the document, where `--dump-dom` finds it. The page
/// itself forbids every script.
const PROBE: &str = "<script>addEventListener('load', () => {
  const frame = document.querySelector('iframe').contentWindow;
  const page = frame.document;
  const root = page.documentElement;
  const pictures = [...page.images];
  const boxes = [...page.querySelectorAll('.scroll, pre')];
  const over = [...page.body.querySelectorAll('*')].filter(one =>
    !one.closest('.scroll, pre') && one.getBoundingClientRect().right > root.clientWidth + 0.5);
  const answer = {
    inner: frame.innerWidth,
    sideways: root.scrollWidth - root.clientWidth,
    over: over.map(one => one.tagName + '.' + one.className).join(),
    pictures: pictures.filter(picture => picture.naturalWidth > 0).length,
    shrunk: pictures.every(picture => picture.getBoundingClientRect().width <= root.clientWidth - 20),
    boxes: boxes.filter(box => box.scrollWidth > box.clientWidth).length,
    words: page.body.innerText.split(\"document.title='taken'\").length - 1,
    title: page.title,
    ground: frame.getComputedStyle(page.body).backgroundColor,
  };
  page.querySelectorAll('.zoom input').forEach(box => box.click());
  const frames = [...page.querySelectorAll('.frame')];
  answer.zoomed = frames.filter(box => box.scrollWidth > box.clientWidth).length;
  answer.zoomed_sideways = root.scrollWidth - root.clientWidth;
  const lines = Object.entries(answer).map(([name, value]) => name + '=' + value);
  document.getElementById('answer').textContent = lines.join('\\n');
});</script>";

/// The browser, if there is one.
fn browser() -> Option<PathBuf> {
    if let Some(named) = env::var_os("CHROME") {
        return Some(PathBuf::from(named)).filter(|named| !named.as_os_str().is_empty());
    }
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)))
        .find(|path| path.is_file())
}

/// Runs the browser without a window and returns what it prints.
fn browse(browser: &Path, folder: &Path, page: &Path, extra: &[&str]) -> String {
    let (output, log) = (folder.join("output"), folder.join("log"));
    let profile = |name: &str| {
        let mut flag = OsString::from(format!("--{name}="));
        flag.push(folder.join("profile"));
        flag
    };
    let mut child = Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"])
        .args(["--disable-background-networking", "--disable-component-update", "--disable-sync"])
        .args(["--disable-dev-shm-usage", "--window-size=900,1200"])
        .arg(profile("user-data-dir"))
        .args(extra)
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .stdout(File::create(&output).unwrap())
        .stderr(File::create(&log).unwrap())
        .spawn()
        .unwrap_or_else(|error| panic!("cannot start {}: {error}", browser.display()));
    // A browser that hangs must not hang the tests.
    let patience = Instant::now() + Duration::from_secs(120);
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if Instant::now() > patience {
            child.kill().unwrap();
            child.wait().unwrap();
            break None;
        }
        thread::sleep(Duration::from_millis(50));
    };
    let said = String::from_utf8_lossy(&fs::read(&log).unwrap()).into_owned();
    assert!(
        status.is_some_and(|status| status.success()),
        "{} ended with {status:?}; an empty CHROME skips this test\n{said}",
        browser.display()
    );
    String::from_utf8_lossy(&fs::read(output).unwrap()).into_owned()
}

fn pictures(folder: &Path) {
    let curve = |name: &str, start: f64| {
        Curve::new(name, (1..=40).map(|at| (f64::from(at), start / f64::from(at))).collect())
    };
    let pixels: Vec<u8> = (0..96 * 96).map(|at| (at % 96 + at / 96) as u8).collect();
    let cells: Vec<PictureCell<'_>> = (1..=10)
        .map(|row| PictureCell {
            picture: Picture::grey(&pixels, 96, 96).unwrap(),
            marks: vec![MarkSet::truth(Default::default())],
            caption: format!("row {row}"),
        })
        .collect();
    let rows =
        [ScoreRow::new(HOSTILE, [2.5, 2.6]), ScoreRow::new("two heads", [1.6, 1.7]).reference(1.9)];
    for format in ["svg", "png"] {
        let path = |name: &str| folder.join(format!("{name}.{format}"));
        let curves = [curve("training", 3.0), curve("validation", 4.0).mark_best()];
        loss_curves(path("loss"), &curves, &CurveOptions::default()).unwrap();
        score_dots(path("scores"), &rows, &ScoreOptions::default()).unwrap();
        picture_grid(path("faces"), &cells, &PictureGridOptions::default()).unwrap();
    }
}

/// A report with everything in it, all of it too wide for a telephone.
fn report(folder: &Path) -> HtmlReport {
    let mut columns = vec![Column::text("strategy")];
    columns
        .extend((1..=12).map(|fold| Column::number(format!("fold {fold}, px")).best(Best::Lowest)));
    let rows = (1..=40).map(|row| {
        let name = if row == 7 { HOSTILE.to_owned() } else { format!("strategy number {row}") };
        let scores =
            (0..12).map(move |fold| Cell::number(1.5 + f64::from(row * fold % 11) / 7.0, 3));
        std::iter::once(Cell::from(name)).chain(scores)
    });
    let table = Table::new(columns).caption("RMSE by fold").rows(rows);

    let pictures = pictures_in(folder).unwrap();
    let mut section = Section::new("Pictures");
    for (name, path) in &pictures {
        section = section.picture_file(path, name).unwrap();
        // The same in its other format.
        section = section.picture_file(path.with_extension("svg"), name).unwrap();
    }
    let long = "a_very_long_name_without_a_space_".repeat(12);
    HtmlReport::new(format!("Run {long}"))
        .lead(HOSTILE)
        .section(Section::new("Scores").text("Lower is better.").table(table))
        .section(section)
        .section(
            Section::new("Origin")
                .facts([("folder", format!("/runs/{long}")), (HOSTILE, "7".to_owned())])
                .list([long.clone(), HOSTILE.to_owned()])
                .code(format!("cargo run --release --example train -- --out {long}\n{HOSTILE}"))
                .section(Section::new(long.clone()).text(HOSTILE)),
        )
        .footer(HOSTILE)
}

/// The answers of the probe about a report in a frame of a certain width.
fn look(browser: &Path, html: &str, width: u32, extra: &[&str]) -> Vec<(String, String)> {
    let home = TempDir::new().unwrap();
    let folder = fs::canonicalize(home.path()).unwrap();
    let page = folder.join("frame.html");
    let inner = html.replace('&', "&amp;").replace('"', "&quot;");
    let frame =
        format!("<iframe width={width} height=844 style='border:0' srcdoc=\"{inner}\"></iframe>");
    let answer = "<pre id=\"answer\">";
    fs::write(&page, format!("<!DOCTYPE html>{answer}</pre>{PROBE}{frame}")).unwrap();
    let dom = browse(browser, &folder, &page, &[&["--dump-dom"], extra].concat());
    let found = dom.split_once(answer).and_then(|(_, rest)| rest.split_once("</pre>"));
    let (answers, _) = found.unwrap_or_else(|| panic!("no answer in {dom}"));
    let answers = answers.lines().filter_map(|line| line.split_once('='));
    answers.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

#[test]
fn a_report_fits_a_telephone_and_shows_everything() {
    let Some(browser) = browser() else {
        println!("skipped: no Chromium or Chrome in PATH, and CHROME names none");
        return;
    };
    let folder = TempDir::new().unwrap();
    pictures(folder.path());
    let report = report(folder.path());
    let html = report.render();
    let words = html.matches("&lt;script&gt;document.title='taken'").count() * 2;
    for (width, dark) in [(TELEPHONE, false), (820, false), (TELEPHONE, true)] {
        let extra: &[&str] = if dark { &["--blink-settings=preferredColorScheme=0"] } else { &[] };
        let answers = look(&browser, &html, width, extra);
        let get = |name: &str| {
            let found = answers.iter().find(|(one, _)| one == name);
            found.unwrap_or_else(|| panic!("no {name} in {answers:?}")).1.as_str()
        };
        assert_eq!(get("inner"), width.to_string());
        assert_eq!(get("over"), "", "hangs over the edge at {width}");
        assert_eq!(get("sideways"), "0", "the page scrolls sideways");
        assert_eq!(get("pictures"), PICTURES.to_string());
        assert_eq!(get("shrunk"), "true");
        // At full size pictures scroll in boxes of their own, too.
        assert_eq!(get("zoomed"), PICTURES.to_string());
        assert_eq!(get("zoomed_sideways"), "0");
        // The table and the code are too wide, and scroll in their boxes.
        assert_eq!(get("boxes"), "2");
        assert!(get("title").starts_with("Run a_very_long_name"), "{}", get("title"));
        assert_eq!(get("words"), words.to_string());
        let ground = if dark { "rgb(21, 24, 28)" } else { "rgb(255, 255, 255)" };
        assert_eq!(get("ground"), ground);
    }
}
