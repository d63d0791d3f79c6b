//! Faces before and after augmentation, step by step.

use std::path::{Path, PathBuf};

use anyhow::Context;
use burn::tensor::{Device, Tensor, TensorData};
use keypoints_core::{Coordinate, CoordinateScale, Dataset, Labels, Pictures};
use keypoints_plot::{MarkSet, Picture, PictureCell, PictureGridOptions, picture_grid};
use keypoints_predict::DevicePictures;
use keypoints_train::augment::{AugmentConfig, Augmenter, CutoutConfig, ElasticConfig};

use crate::pictures::{both, create};

/// Every augmentation step alone, strong enough to see, and the standard mixture of them last.
///
/// ```
/// let steps = keypoints_cli::augmentation_steps();
/// assert_eq!((steps[0].0, steps[0].1.flip), ("flip", 1.0));
/// assert!(steps.iter().all(|(_, config)| config.check().is_ok()));
/// ```
pub fn augmentation_steps() -> Vec<(&'static str, AugmentConfig)> {
    let none = AugmentConfig::none();
    let elastic = ElasticConfig { amplitude: 4.5, grid: 4 };
    let cutout = CutoutConfig { probability: 1.0, size: 32.0 };
    vec![
        ("flip", AugmentConfig { flip: 1.0, ..none }),
        ("rotation", AugmentConfig { rotation: 30.0, ..none }),
        ("scale", AugmentConfig { scale: 1.4, ..none }),
        ("shear", AugmentConfig { shear: 20.0, ..none }),
        ("shift", AugmentConfig { shift: 16.0, ..none }),
        ("perspective", AugmentConfig { perspective: 0.2, ..none }),
        ("elastic", AugmentConfig { elastic, ..none }),
        ("blur", AugmentConfig { blur: 2.5, ..none }),
        ("gamma", AugmentConfig { gamma: 2.5, ..none }),
        ("contrast", AugmentConfig { contrast: 2.0, ..none }),
        ("brightness", AugmentConfig { brightness: 0.3, ..none }),
        ("noise", AugmentConfig { noise: 0.1, ..none }),
        ("cutout", AugmentConfig { cutout, ..none }),
        ("standard", AugmentConfig::standard()),
    ]
}

/// A face as it is and some changed ones in a row for each step, with their labels on top.
///
/// ```
/// use burn::tensor::Device;
/// use keypoints_cli::{AugmentedFaces, augmentation_steps};
/// use keypoints_data::synth::{SynthConfig, generate};
///
/// let faces = generate(&SynthConfig { training: 5, test: 0, ..Default::default() }).training;
/// let mut steps = augmentation_steps();
/// steps.truncate(2);
/// let gallery = AugmentedFaces { faces: &faces, row: 0, steps, versions: 4, seed: 42 };
/// let folder = tempfile::tempdir()?;
/// let files = gallery.draw(folder.path(), "augment", &Device::flex())?;
/// assert!(files.iter().all(|file| file.exists()));
/// # Ok::<(), anyhow::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct AugmentedFaces<'a> {
    /// Where the face is from.
    pub faces: &'a Dataset,
    /// Its row, counted from 0.
    pub row: usize,
    /// What to do to it, and how to call that.
    pub steps: Vec<(&'static str, AugmentConfig)>,
    /// Changed faces per step.
    pub versions: usize,
    /// The same seed changes the face the same way.
    pub seed: u64,
}

impl AugmentedFaces<'_> {
    /// Draws `NAME.png` and `NAME.svg` into a folder. Returns the files.
    ///
    /// # Errors
    /// If the data has no such row, a step cannot be done, or with the file that cannot be written.
    pub fn draw(&self, folder: &Path, name: &str, device: &Device) -> anyhow::Result<Vec<PathBuf>> {
        let Self { faces, row, versions, .. } = *self;
        create(folder)?;
        let missing = || format!("no row {} in a file of {}", row + 1, faces.len());
        let labels = faces.labels().get(row).with_context(missing)?.clone();
        let original = faces.pictures().select(&[row]);
        let uploaded = DevicePictures::upload(&original, device);
        let mut pictures = Vec::new();
        for (step, config) in &self.steps {
            pictures.push((original.clone(), vec![labels.clone()], "original"));
            let batch = uploaded.gather(&vec![0; versions]);
            let (images, labels_now) =
                changed(config, faces, batch, &vec![labels.clone(); versions], self.seed)?;
            pictures.push((images, labels_now, *step));
        }
        let cells: Vec<PictureCell<'_>> = pictures
            .iter()
            .flat_map(|(images, labels, caption)| {
                labels.iter().enumerate().filter_map(|(index, points)| {
                    let image = Picture::of(images, index)?;
                    let marks =
                        vec![MarkSet { name: "label".into(), ..MarkSet::truth(points.clone()) }];
                    Some(PictureCell { picture: image, marks, caption: (*caption).to_owned() })
                })
            })
            .collect();
        let title = format!("Row {}, augmented", row + 1);
        let columns = u32::try_from(versions + 1).unwrap_or(u32::MAX);
        let options = PictureGridOptions { title, columns, ..Default::default() };
        both(folder, name, |path| picture_grid(path, &cells, &options))
    }
}

/// Changes a batch and brings it back from the device.
fn changed(
    config: &AugmentConfig,
    dataset: &Dataset,
    images: Tensor<4>,
    labels: &[Labels],
    seed: u64,
) -> anyhow::Result<(Pictures, Vec<Labels>)> {
    let (schema, shape) = (dataset.schema(), dataset.pictures().shape());
    let coordinates: Vec<Coordinate> = schema.coordinates().collect();
    let (scale, device) = (CoordinateScale::PIXELS, images.device());
    let augmenter = Augmenter::new(config, schema, shape, &coordinates, scale, &device)?;
    let batch = augmenter.apply(images, labels, seed)?;
    let numbers = |data: TensorData| data.convert::<f32>().try_to_vec::<f32>();
    let pixels = numbers(batch.images.try_into_data()?)?;
    let pixels = pixels.iter().map(|grey| (grey * 255.0).round() as u8).collect();
    let values = numbers(batch.values.try_into_data()?)?;
    let mask = numbers(batch.mask.try_into_data()?)?;
    let rows = values.chunks_exact(coordinates.len()).zip(mask.chunks_exact(coordinates.len()));
    let labels = rows.map(|(values, mask)| {
        let cells = coordinates.iter().zip(values.iter().zip(mask));
        cells
            .filter(|(_, (_, mask))| **mask > 0.0)
            .map(|(one, (value, _))| (*one, *value))
            .collect()
    });
    Ok((Pictures::new(shape, pixels).context("not whole pictures")?, labels.collect()))
}
