//! From SVG to PNG, with the embedded font and nothing from the machine.

use std::error::Error;
use std::io::Cursor;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use image::{ExtendedColorType, ImageEncoder, RgbImage, codecs::png::PngEncoder, imageops};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};

use crate::place::Placed;

/// Paints background and pictures, then the shapes of `svg`, and encodes.
pub(crate) fn png(
    (width, height): (u32, u32),
    pictures: &[Placed<'_>],
    svg: &str,
) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let mut pixmap = Pixmap::new(width, height).ok_or("the picture is empty or too large")?;
    pixmap.fill(Color::WHITE);
    for placed in pictures {
        let channels = placed.picture.channels();
        let is_grey = channels.len() == 1;
        for (index, channel) in channels.enumerate() {
            // A grey value is all three of red, green and blue.
            let targets = if is_grey { 0..3 } else { index..index + 1 };
            let filter = imageops::FilterType::CatmullRom;
            let channel = imageops::resize(&channel, placed.width, placed.height, filter);
            for (y, row) in (placed.top..height).zip(channel.rows()) {
                let start = 4 * (y as usize * width as usize + placed.left as usize);
                let pixels = pixmap.data_mut()[start..].chunks_exact_mut(4);
                for (pixel, value) in pixels.zip(row) {
                    pixel[targets.clone()].fill(value.0[0]);
                }
            }
        }
    }

    let tree = tree(svg)?;
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());

    // All is opaque, so the values are plain colours.
    let rgb: Vec<u8> =
        pixmap.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let mut bytes = Cursor::new(Vec::new());
    PngEncoder::new(&mut bytes).write_image(&rgb, width, height, ExtendedColorType::Rgb8)?;
    Ok(bytes.into_inner())
}

/// Rows that are painted at a time: all rows of a large photo would take more memory than the photo.
const BAND: u32 = 128;

/// Paints the shapes of `svg`, which has the photo's size, on the photo. They lie in the `touched` rows; the others stay as they are.
pub(crate) fn paint(
    photo: &mut RgbImage,
    svg: &str,
    touched: &[Range<u32>],
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let tree = tree(svg)?;
    let (width, height) = photo.dimensions();
    let (values, per_row): (&mut [u8], usize) = (photo, 3 * width as usize);
    for top in (0..height).step_by(BAND as usize) {
        let rows = height.min(top + BAND) - top;
        if !touched.iter().any(|range| range.start < top + rows && top < range.end) {
            continue;
        }
        let mut pixmap = Pixmap::new(width, rows).ok_or("the photo is empty or too large")?;
        let band = &mut values[per_row * top as usize..][..per_row * rows as usize];
        for (pixel, colour) in pixmap.data_mut().chunks_exact_mut(4).zip(band.chunks_exact(3)) {
            pixel[..3].copy_from_slice(colour);
            pixel[3] = u8::MAX;
        }
        let up = Transform::from_translate(0.0, -(top as f32));
        resvg::render(&tree, up, &mut pixmap.as_mut());
        // All is opaque, so the values are plain colours.
        for (pixel, colour) in pixmap.data().chunks_exact(4).zip(band.chunks_exact_mut(3)) {
            colour.copy_from_slice(&pixel[..3]);
        }
    }
    Ok(())
}

fn tree(svg: &str) -> Result<Tree, resvg::usvg::Error> {
    Tree::from_str(svg, &Options { fontdb: fonts(), ..Options::default() })
}

fn fonts() -> Arc<Database> {
    static FONTS: OnceLock<Arc<Database>> = OnceLock::new();
    FONTS
        .get_or_init(|| {
            let mut fonts = Database::new();
            for font in [notosans::REGULAR_TTF, notosans::BOLD_TTF] {
                fonts.load_font_source(Source::Binary(Arc::new(font)));
            }
            Arc::new(fonts)
        })
        .clone()
}
