//! From SVG to PNG, with the embedded font and nothing from the machine.

use std::error::Error;
use std::io::Cursor;
use std::sync::{Arc, OnceLock};

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder, imageops};
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

    let options = Options { fontdb: fonts(), ..Options::default() };
    let tree = Tree::from_str(svg, &options)?;
    resvg::render(&tree, Transform::identity(), &mut pixmap.as_mut());

    // All is opaque, so the values are plain colours.
    let rgb: Vec<u8> =
        pixmap.data().chunks_exact(4).flat_map(|pixel| [pixel[0], pixel[1], pixel[2]]).collect();
    let mut bytes = Cursor::new(Vec::new());
    PngEncoder::new(&mut bytes).write_image(&rgb, width, height, ExtendedColorType::Rgb8)?;
    Ok(bytes.into_inner())
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
