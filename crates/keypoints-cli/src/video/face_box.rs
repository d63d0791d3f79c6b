//! The box of a face as a flag has it.

use std::str::FromStr;

use anyhow::Context;
use keypoints_core::Region;

/// A box on a picture: `x,y,w,h` in pixels, counted from the picture's upper left corner.
///
/// ```
/// use keypoints_cli::FaceBox;
/// use keypoints_core::Region;
///
/// let face: FaceBox = "140,90,120,120".parse()?;
/// assert_eq!(face.0, Region::of_pixels(140.0, 90.0, 120.0, 120.0));
/// assert!("140,90,120".parse::<FaceBox>().is_err());
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceBox(pub Region);

impl FromStr for FaceBox {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let number = |text: &str| text.trim().parse().ok().filter(|one: &f64| one.is_finite());
        let numbers: Option<Vec<f64>> = text.split(',').map(number).collect();
        let region = match numbers.as_deref() {
            Some(&[x, y, width, height]) if width > 0.0 && height > 0.0 => {
                Some(Self(Region::of_pixels(x, y, width, height)))
            }
            _ => None,
        };
        region.context(
            "expected x,y,w,h: the upper left corner, width and height in pixels, such as 140,90,120,120",
        )
    }
}
