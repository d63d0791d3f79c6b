//! Objects cut out of photos: geometry, what is left out, and the file that keeps the cut pictures.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use keypoints_core::{Keypoint, Labels, PictureShape, Point, Region, Schema};
use keypoints_data::annotations::{Annotation, AnnotationProblem, Annotations, SchemaOrigin};
use keypoints_data::photos::{CutOptions, PhotoError, cut, cut_cached};
use keypoints_image::image::{GrayImage, Luma, Rgb, RgbImage};
use tempfile::TempDir;

fn annotations(rows: Vec<Annotation>, points: usize) -> Annotations {
    let names = (0..points).map(|index| format!("p{index}"));
    let schema = Arc::new(Schema::new("dots", names).unwrap());
    Annotations { schema, origin: SchemaOrigin::Given, rows, faults: vec![] }
}

fn row(picture: PathBuf, name: &str, region: Option<Region>, points: &[(f32, f32)]) -> Annotation {
    let mut labels = Labels::default();
    for (index, &(x, y)) in points.iter().enumerate() {
        labels.set_point(Keypoint::new(index as u16), Point { x, y });
    }
    Annotation { picture, name: name.to_owned(), region, labels }
}

fn options(side: usize) -> CutOptions {
    CutOptions { shape: PictureShape::grey(side), margin: 0.0, strict: false }
}

fn point(labels: &Labels) -> (f32, f32) {
    let point = labels.point(Keypoint::new(0)).unwrap();
    (point.x, point.y)
}

/// A black photo with a white square of 4×4 pixels whose middle is at `(x, y)`, both something and a half.
fn dotted(folder: &Path, name: &str, width: u32, height: u32, (x, y): (f32, f32)) -> PathBuf {
    let (left, top) = ((x - 1.5) as u32, (y - 1.5) as u32);
    let dot = GrayImage::from_fn(width, height, |x, y| {
        Luma([if (left..left + 4).contains(&x) && (top..top + 4).contains(&y) { 255 } else { 0 }])
    });
    let path = folder.join(name);
    dot.save(&path).unwrap();
    path
}

/// The centre of mass of a grey crop.
fn centre(pixels: &[u8], side: usize) -> (f64, f64) {
    let (mut x, mut y, mut all) = (0.0, 0.0, 0.0);
    for (index, &value) in pixels.iter().enumerate() {
        let value = f64::from(value);
        x += value * (index % side) as f64;
        y += value * (index / side) as f64;
        all += value;
    }
    (x / all, y / all)
}

#[test]
fn a_dot_lands_under_its_label() {
    let folder = tempfile::tempdir().unwrap();
    for (number, dot) in [(61.5, 47.5), (20.5, 70.5), (80.5, 30.5)].into_iter().enumerate() {
        let path = dotted(folder.path(), &format!("{number}.png"), 120, 100, dot);
        // As large as the photo's own pixels, larger, smaller, and much smaller, at odd places.
        for region in
            [Region::of_pixels(10.0, 10.0, 80.0, 70.0), Region::of_pixels(7.3, 11.9, 83.7, 64.2)]
        {
            for (side, margin) in
                [(80, 0.0), (96, 0.15), (33, 0.1), (224, 0.0), (500, 0.2), (17, 0.25)]
            {
                let options = CutOptions { margin, ..options(side) };
                let rows = vec![row(path.clone(), "dot", Some(region), &[dot])];
                let found = cut(&annotations(rows, 1), &options, &|_| ()).unwrap();
                let seen = centre(found.dataset.pictures().get(0), side);
                let label = point(&found.dataset.labels()[0]);
                // A dot that is smaller than a pixel of the crop is somewhere in that pixel.
                let limit = if found.crops[0].side > 4.0 * side as f64 { 0.3 } else { 0.1 };
                let (dx, dy) = (seen.0 - f64::from(label.0), seen.1 - f64::from(label.1));
                assert!(
                    dx.abs() < limit && dy.abs() < limit,
                    "{side} {margin} {region:?}: {dx} {dy}"
                );
                // And back.
                let back =
                    found.crops[0].labels_to_photo(options.shape, &found.dataset.labels()[0]);
                let back = point(&back);
                assert!((back.0 - dot.0).abs() < 1e-3 && (back.1 - dot.1).abs() < 1e-3);
            }
        }
    }
}

#[test]
fn a_crop_of_the_same_size_is_a_copy() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    let photo = GrayImage::from_fn(30, 20, |x, y| Luma([(x * 7 + y * 11) as u8]));
    photo.save(&path).unwrap();
    let region = Region::of_pixels(5.0, 4.0, 12.0, 12.0);
    let rows = vec![row(path, "a", Some(region), &[(5.0, 4.0)])];
    let found = cut(&annotations(rows, 1), &options(12), &|_| ()).unwrap();
    let expected: Vec<u8> =
        (0..144).map(|index| photo.get_pixel(5 + index % 12, 4 + index / 12).0[0]).collect();
    assert_eq!(found.dataset.pictures().get(0), expected);
    let (x, y) = point(&found.dataset.labels()[0]);
    assert!(x.abs() < 1e-6 && y.abs() < 1e-6);
    assert_eq!((found.rows, found.dataset.margin()), (vec![0], Some(0.0)));
}

#[test]
fn beyond_the_edges_the_edge_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    GrayImage::from_fn(10, 10, |x, y| Luma([if x == 0 { 200 } else { (y * 10) as u8 }]))
        .save(&path)
        .unwrap();
    // Twice as wide as the photo, which is in the middle.
    let region = Region::of_pixels(-5.0, -5.0, 20.0, 20.0);
    let rows = vec![row(path, "a", Some(region), &[(0.0, 0.0), (9.0, 9.0)])];
    let found = cut(&annotations(rows, 2), &options(20), &|_| ()).unwrap();
    let pixels = found.dataset.pictures().get(0);
    let at = |x: usize, y: usize| pixels[y * 20 + x];
    assert_eq!([at(0, 0), at(4, 10), at(5, 10), at(5, 19)], [200; 4]);
    assert_eq!(
        [at(6, 0), at(6, 5), at(6, 6), at(19, 8), at(19, 14), at(19, 19)],
        [0, 0, 10, 30, 90, 90]
    );
    assert_eq!(point(&found.dataset.labels()[0]), (5.0, 5.0));
}

#[test]
fn points_beyond_the_crop_are_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let path = dotted(folder.path(), "a.png", 60, 60, (20.5, 20.5));
    let region = Region::of_pixels(10.0, 10.0, 20.0, 20.0);
    let points = [(9.5, 15.0), (9.4, 15.0), (29.5, 29.5), (15.0, 29.6), (1e30, 15.0), (15.0, 15.0)];
    let found =
        cut(&annotations(vec![row(path, "a", Some(region), &points)], 6), &options(40), &|_| ());
    let found = found.unwrap();
    let labels = &found.dataset.labels()[0];
    let there: Vec<bool> =
        (0..6).map(|index| labels.point(Keypoint::new(index)).is_some()).collect();
    assert_eq!(there, [true, false, true, false, false, true]);
}

/// So many rows that a few may be left out.
fn many(folder: &TempDir, more: Vec<Annotation>) -> Annotations {
    let path = dotted(folder.path(), "good.png", 60, 60, (20.5, 20.5));
    let good = |index: usize| {
        row(path.clone(), &format!("good{index}"), None, &[(10.0, 10.0), (50.0, 40.0)])
    };
    let mut rows = more;
    rows.extend((rows.len()..100).map(good));
    annotations(rows, 2)
}

#[test]
fn what_cannot_be_used_is_left_out_and_listed() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    std::fs::write(place("text.png"), "text").unwrap();
    let two = [(10.0, 10.0), (50.0, 40.0)];
    let mut all = many(
        &folder,
        vec![
            row(place("text.png"), "text", None, &two),
            row(place("none.png"), "none", None, &two),
            row(place("good.png"), "flat", Some(Region::of_pixels(1.0, 1.0, 0.0, 0.0)), &two),
            row(place("good.png"), "bare", None, &[]),
        ],
    );
    all.faults.push(keypoints_data::annotations::AnnotationError {
        path: "labels.csv".into(),
        place: "line 7".to_owned(),
        problem: AnnotationProblem::NoRows,
    });
    let last = AtomicUsize::new(0);
    let found = cut(&all, &options(16), &|done| {
        last.fetch_max(done, Ordering::Relaxed);
    })
    .unwrap();
    assert_eq!(last.into_inner(), 100);
    assert_eq!(found.dataset.len(), 96);
    assert_eq!(found.rows, (4..100).collect::<Vec<_>>());
    assert_eq!((found.dataset.row_name(0), found.crops.len()), ("good4".to_owned(), 96));
    let expected = [
        "labels.csv, line 7: no labelled object in it".to_owned(),
        format!("{}: not a PNG, JPEG, WebP, BMP or GIF picture", place("text.png").display()),
        format!(
            "{}: cannot be read: No such file or directory (os error 2)",
            place("none.png").display()
        ),
        "flat: the box has no area".to_owned(),
        "bare: neither a box nor a point".to_owned(),
    ];
    assert_eq!(found.left_out, expected);

    // Strict: the first of them is the error.
    let strict = CutOptions { strict: true, ..options(16) };
    let error = cut(&all, &strict, &|_| ()).unwrap_err();
    assert!(matches!(&error, PhotoError::Strict { fault } if *fault == expected[0]));
    assert_eq!(error.to_string(), expected[0]);
}

#[test]
fn more_than_a_twentieth_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let bad = |count: usize| {
        let one =
            |index: usize| row(folder.path().join("none.png"), &format!("bad{index}"), None, &[]);
        (0..count).map(one).collect::<Vec<_>>()
    };
    assert_eq!(cut(&many(&folder, bad(5)), &options(8), &|_| ()).unwrap().left_out.len(), 5);
    let error = cut(&many(&folder, bad(12)), &options(8), &|_| ()).unwrap_err().to_string();
    let mut lines = error.lines();
    assert_eq!(lines.next(), Some("12 of 100 rows cannot be used, more than 5 %:"));
    assert_eq!(lines.next(), Some("  bad0: neither a box nor a point"));
    assert_eq!(lines.last(), Some("  and 2 more"));
}

#[test]
fn options_that_cannot_be() {
    let folder = tempfile::tempdir().unwrap();
    let all = many(&folder, vec![]);
    for (side, margin) in [(0, 0.0), (4097, 0.0), (96, -0.6), (96, 10.5), (96, f64::NAN)] {
        let options = CutOptions { margin, ..options(side) };
        let error = cut(&all, &options, &|_| ()).unwrap_err();
        assert!(matches!(error, PhotoError::BadOptions { .. }), "{side} {margin}");
        let error = cut_cached(&all, &options, folder.path(), &|_| ()).unwrap_err();
        assert!(matches!(error, PhotoError::BadOptions { .. }), "{side} {margin}");
    }
}

#[test]
fn several_faces_of_one_photo_in_the_order_of_the_rows() {
    let folder = tempfile::tempdir().unwrap();
    let one = dotted(folder.path(), "z.png", 100, 50, (20.5, 20.5));
    let other = dotted(folder.path(), "a.png", 100, 50, (70.5, 30.5));
    let rows = vec![
        row(one.clone(), "z", Some(Region::of_pixels(10.0, 10.0, 20.0, 20.0)), &[(20.5, 20.5)]),
        row(other, "a", Some(Region::of_pixels(60.0, 20.0, 20.0, 20.0)), &[(70.5, 30.5)]),
        row(one, "z_2", Some(Region::of_pixels(60.0, 20.0, 20.0, 20.0)), &[(70.5, 30.5)]),
    ];
    let found = cut(&annotations(rows, 1), &options(20), &|_| ()).unwrap();
    let names: Vec<String> = (0..3).map(|index| found.dataset.row_name(index)).collect();
    assert_eq!(names, ["z", "a", "z_2"]);
    let bright =
        |index| found.dataset.pictures().get(index).iter().filter(|&&one| one > 128).count();
    assert_eq!([bright(0), bright(1), bright(2)], [16, 16, 0]);
}

#[test]
fn colour_and_grey() {
    let folder = tempfile::tempdir().unwrap();
    let (colour, grey) = (folder.path().join("c.png"), folder.path().join("g.png"));
    RgbImage::from_pixel(20, 20, Rgb([250, 100, 10])).save(&colour).unwrap();
    GrayImage::from_pixel(20, 20, Luma([77])).save(&grey).unwrap();
    let region = Some(Region::of_pixels(2.0, 2.0, 8.0, 8.0));
    let rows = vec![row(colour, "c", region, &[(5.0, 5.0)]), row(grey, "g", region, &[(5.0, 5.0)])];
    let all = annotations(rows, 1);
    let in_colour = CutOptions { shape: PictureShape::colour(4), ..options(4) };
    let found = cut(&all, &in_colour, &|_| ()).unwrap();
    let planes = [[250; 16], [100; 16], [10; 16]].concat();
    assert_eq!(found.dataset.pictures().get(0), planes);
    assert_eq!(found.dataset.pictures().get(1), [77; 48]);
    let found = cut(&all, &options(4), &|_| ()).unwrap();
    // 0.2126 · 250 + 0.7152 · 100 + 0.0722 · 10
    assert_eq!(found.dataset.pictures().get(0), [125; 16]);
    assert_eq!(found.dataset.pictures().get(1), [77; 16]);
}

/// The files of cut pictures in a folder.
fn kept(cache: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(cache).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

#[test]
fn a_second_start_takes_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("new/cache");
    let good = dotted(folder.path(), "good.png", 60, 60, (20.5, 20.5));
    let bad = row(folder.path().join("none.png"), "none", None, &[(1.0, 1.0), (2.0, 2.0)]);
    let all = many(&folder, vec![bad]);
    let options = options(24);
    let first = cut_cached(&all, &options, &cache, &|_| ()).unwrap();
    let plain = cut(&all, &options, &|_| ()).unwrap();
    assert_eq!(first.dataset.pictures().as_bytes(), plain.dataset.pictures().as_bytes());
    let files = kept(&cache);
    assert_eq!(files.len(), 1);

    // A photo that cannot be decoded any more, but looks the same from outside, is not opened again.
    let about = std::fs::metadata(&good).unwrap();
    let bytes = std::fs::read(&good).unwrap();
    let replace = |bytes: &[u8]| {
        std::fs::write(&good, bytes).unwrap();
        let file = std::fs::File::options().write(true).open(&good).unwrap();
        file.set_modified(about.modified().unwrap()).unwrap();
    };
    replace(&vec![0; bytes.len()]);
    let calls = AtomicUsize::new(0);
    let again = cut_cached(&all, &options, &cache, &|_| {
        calls.fetch_add(1, Ordering::Relaxed);
    })
    .unwrap();
    assert_eq!(calls.into_inner(), 0);
    assert_eq!(again.dataset.pictures().as_bytes(), first.dataset.pictures().as_bytes());
    assert_eq!(again.dataset.labels(), first.dataset.labels());
    assert_eq!(
        (again.left_out, again.rows, again.crops),
        (first.left_out, first.rows, first.crops)
    );
    // The rules about faults are those of the second call.
    let strict = CutOptions { strict: true, ..options };
    assert!(matches!(cut_cached(&all, &strict, &cache, &|_| ()), Err(PhotoError::Strict { .. })));
    replace(&bytes);

    // A damaged file is made anew: cut short, longer, changed, empty.
    let whole = std::fs::read(&files[0]).unwrap();
    let middle = whole.len() / 2;
    let mut changed = whole.clone();
    changed[middle] ^= 1;
    let longer = [&whole[..], b"x"].concat();
    let damaged: [&[u8]; 5] = [&whole[..middle], &longer, &changed, &[], b"keypoints crops 1\n"];
    for damaged in damaged {
        std::fs::write(&files[0], damaged).unwrap();
        let again = cut_cached(&all, &options, &cache, &|_| ()).unwrap();
        assert_eq!(again.dataset.pictures().as_bytes(), plain.dataset.pictures().as_bytes());
        assert_eq!(std::fs::read(&files[0]).unwrap(), whole);
    }
}

#[test]
fn whatever_changes_makes_another_file() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let mut all = many(&folder, vec![]);
    let mut expected = 0;
    let mut another = |all: &Annotations, options: &CutOptions| {
        let found = cut_cached(all, options, &cache, &|_| ()).unwrap();
        expected += 1;
        assert_eq!(kept(&cache).len(), expected);
        found
    };
    let first = another(&all, &options(24));
    another(&all, &options(25));
    another(&all, &CutOptions { margin: 0.1, ..options(24) });
    another(&all, &CutOptions { shape: PictureShape::colour(24), ..options(24) });
    // Labels that decide the square.
    all.rows[3].labels.set(Keypoint::new(0).x(), Some(11.0));
    another(&all, &options(24));
    all.rows[3].region = Some(Region::of_pixels(1.0, 2.0, 30.0, 40.0));
    another(&all, &options(24));
    // With a box, they do not; they are those of the call.
    all.rows[3].labels.set(Keypoint::new(0).x(), Some(12.0));
    let same = cut_cached(&all, &options(24), &cache, &|_| ()).unwrap();
    let expected_label = same.crops[3].to_crop(PictureShape::grey(24), Point { x: 12.0, y: 10.0 });
    assert_eq!(point(&same.dataset.labels()[3]), (expected_label.x, expected_label.y));
    // Another photo under the same name.
    std::thread::sleep(std::time::Duration::from_millis(20));
    dotted(folder.path(), "good.png", 60, 60, (40.5, 30.5));
    let found = another(&all, &options(24));
    assert_ne!(found.dataset.pictures().get(0), first.dataset.pictures().get(0));
}

#[test]
fn a_folder_that_cannot_be_made() {
    let folder = tempfile::tempdir().unwrap();
    let all = many(&folder, vec![]);
    let error =
        cut_cached(&all, &options(8), &folder.path().join("good.png"), &|_| ()).unwrap_err();
    assert!(error.to_string().ends_with("cannot keep the cut pictures here"), "{error}");
}
