//! From SVG to PNG, with the embedded font and nothing from the machine.

use std::error::Error;
use std::io::Cursor;
use std::sync::{Arc, OnceLock};

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder, imageops};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};

use crate::canvas::Canvas;

/// Paints background and grey pictures, then the shapes of `svg`, and encodes.
pub(crate) fn png(canvas: &Canvas<'_>, svg: &str) -> Result<Vec<u8>, Box<dyn Error + Send + Sync>> {
    let mut pixmap =
        Pixmap::new(canvas.width, canvas.height).ok_or("the picture is empty or too large")?;
    pixmap.fill(Color::WHITE);
    for placed in &canvas.images {
        let grey = placed.image.to_buffer();
        let grey =
            imageops::resize(&grey, placed.width, placed.height, imageops::FilterType::CatmullRom);
        for (y, row) in (placed.top..canvas.height).zip(grey.rows()) {
            let start = 4 * (y as usize * canvas.width as usize + placed.left as usize);
            let target = &mut pixmap.data_mut()[start..];
            for (pixel, value) in target.chunks_exact_mut(4).zip(row) {
                pixel[..3].fill(value.0[0]);
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
    PngEncoder::new(&mut bytes).write_image(
        &rgb,
        canvas.width,
        canvas.height,
        ExtendedColorType::Rgb8,
    )?;
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
