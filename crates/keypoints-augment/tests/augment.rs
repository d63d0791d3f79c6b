//! Augmented pixels and points stay together.

#![allow(clippy::unwrap_used)] // A test that cannot go on fails.

use burn::tensor::{Device, Tensor, TensorData};
use keypoints_augment::{
    AugmentConfig, AugmentError, AugmentedBatch, Augmenter, ElasticConfig, Warp, WarpParams,
};
use keypoints_core::{
    Coordinate, CoordinateScale, Dataset, Labels, PictureShape, Point, Schema, kaggle15,
};
use keypoints_data::synth::{SynthConfig, generate};
use proptest::prelude::*;

const SIDE: usize = 96;
const GREY: PictureShape = PictureShape::grey(SIDE);
const SCALE: CoordinateScale = CoordinateScale::centred(SIDE);
const NOSE: [Coordinate; 2] = [kaggle15::NOSE_TIP.x(), kaggle15::NOSE_TIP.y()];

fn all_coordinates() -> Vec<Coordinate> {
    Coordinate::all(15).collect()
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

/// Every geometric step alone, and mixtures.
fn moves() -> Vec<(&'static str, AugmentConfig)> {
    let none = AugmentConfig::none();
    let elastic = |grid: usize| ElasticConfig { amplitude: 12.0 / grid as f64, grid };
    // Other light would shift the centroid of a dot.
    let standard = AugmentConfig { contrast: 1.0, brightness: 0.0, ..AugmentConfig::standard() };
    let shape = AugmentConfig { shear: 15.0, perspective: 0.12, ..standard };
    vec![
        ("flip", AugmentConfig { flip: 0.5, ..none }),
        ("rotation", AugmentConfig { rotation: 180.0, ..none }),
        ("scale", AugmentConfig { scale: 1.6, ..none }),
        ("shear", AugmentConfig { shear: 30.0, ..none }),
        ("shift", AugmentConfig { shift: 20.0, ..none }),
        ("perspective", AugmentConfig { perspective: 0.15, ..none }),
        ("elastic", AugmentConfig { elastic: elastic(3), ..none }),
        ("standard", standard),
        ("no field", shape),
        ("no perspective", AugmentConfig { elastic: elastic(4), perspective: 0.0, ..shape }),
        ("all", AugmentConfig { elastic: elastic(4), ..shape }),
    ]
}

/// Standard deviation of a dot, in pixels.
const DOT: f32 = 1.6;

/// A black image with a white dot in every channel, soft enough to be anywhere between pixels.
fn dot(shape: PictureShape, Point { x, y }: Point) -> Vec<f32> {
    let side = shape.side;
    let gaussian = |at: usize, middle: f32| (-0.5 * ((at as f32 - middle) / DOT).powi(2)).exp();
    let channel =
        (0..side * side).map(|pixel| gaussian(pixel % side, x) * gaussian(pixel / side, y));
    channel.collect::<Vec<f32>>().repeat(shape.channels)
}

/// Where the brightest light is on average.
///
/// A map that bends pulls the flanks of a dot to one side but leaves its top on the point: the fourth power of a gaussian is half
/// as wide, and its mean a quarter as far off.
fn centroid(side: usize, pixels: &[f32]) -> Point {
    let light = |grey: f32| f64::from(grey).powi(4);
    let mean = |place: &dyn Fn(usize) -> usize| {
        let sum = pixels.iter().map(|&grey| light(grey)).sum::<f64>();
        let cells = pixels.iter().enumerate();
        (cells.map(|(pixel, &grey)| place(pixel) as f64 * light(grey)).sum::<f64>() / sum) as f32
    };
    Point { x: mean(&|pixel| pixel % side), y: mean(&|pixel| pixel / side) }
}

fn distance(a: Point, b: Point) -> f32 {
    (a.x - b.x).hypot(a.y - b.y)
}

fn labels_of(point: Point) -> Labels {
    let mut labels = Labels::default();
    labels.set_point(kaggle15::NOSE_TIP, point);
    labels
}

prop_compose! {
    fn points()(x in 12.0f32..83.0, y in 12.0f32..83.0) -> Point {
        Point { x, y }
    }
}

prop_compose! {
    fn warps()(
        flip: bool,
        scale in 0.5..=2.0,
        shear in -45.0..=45.0,
        rotation in -360.0..=360.0,
        perspective in [-0.2..=0.2, -0.2..=0.2],
        shift in [-48.0..=48.0, -48.0..=48.0],
        seed: u64,
        grid in 1usize..=8,
        strength in 0.0..=19.0,
    ) -> Warp {
        let elastic = ElasticConfig { amplitude: strength / grid as f64, grid };
        let mut pushes = Vec::new();
        let mut state = seed;
        for _ in 0..(grid + 3) * (grid + 3) {
            pushes.push([(); 2].map(|()| {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                ((state >> 33) as f64 / f64::from(1u32 << 30) - 1.0) * elastic.amplitude
            }));
        }
        let elastic = Some(keypoints_augment::Elastic::new(SIDE, grid, pushes).unwrap());
        Warp::new(SIDE, WarpParams { flip, scale, shear, rotation, perspective, shift, elastic }).unwrap()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_drawn_dot_stays_under_its_point(
        places in prop::collection::vec(points(), 6), seed: u64, large: bool,
    ) {
        let device = Device::flex();
        let shape = if large { PictureShape::colour(128) } else { GREY };
        let scale = CoordinateScale::centred(shape.side);
        let pixels: Vec<f32> = places.iter().flat_map(|&place| dot(shape, place)).collect();
        let dims = [places.len(), shape.channels, shape.side, shape.side];
        let images = Tensor::<4>::from_data(TensorData::new(pixels, dims), &device);
        let labels: Vec<Labels> = places.iter().copied().map(labels_of).collect();
        let schema = Schema::kaggle15();
        for (name, config) in moves() {
            let augmenter = Augmenter::new(&config, &schema, shape, &NOSE, scale, &device).unwrap();
            let batch = augmenter.apply(images.clone(), &labels, seed).unwrap();
            let warps = augmenter.warps(places.len(), seed);
            let (pixels, values) = (numbers(batch.images), numbers(batch.values));
            for (index, picture) in pixels.chunks_exact(shape.bytes()).enumerate() {
                let mapped = warps[index].map_point(places[index]);
                // Near the edge a part of the dot is cut off, or repeated.
                let inside = 12.0..=shape.side as f32 - 13.0;
                if [mapped.x, mapped.y].iter().any(|at| !inside.contains(at)) {
                    continue;
                }
                let label = Point {
                    x: scale.denormalize(values[2 * index]),
                    y: scale.denormalize(values[2 * index + 1]),
                };
                prop_assert!(distance(label, mapped) < 1e-4, "{name}: {label:?} {mapped:?}");
                for channel in picture.chunks_exact(shape.area()) {
                    let seen = centroid(shape.side, channel);
                    let off = distance(seen, label);
                    prop_assert!(off < 0.1, "{name}: {label:?} but the dot is at {seen:?}, {off} px off");
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..Default::default() })]

    #[test]
    fn a_warp_and_its_inverse_cancel(warp in warps(), x in 0.0f32..=95.0, y in 0.0f32..=95.0) {
        let place = Point { x, y };
        let seen = warp.unmap_point(place);
        // A place far outside of the image has few digits left, and one behind the viewer none.
        if distance(seen, place) < 300.0 {
            let back = warp.map_point(seen);
            prop_assert!(distance(back, place) < 1e-3, "{place:?} came back as {back:?}");
        }
        let moved = warp.map_point(place);
        if distance(moved, place) < 300.0 {
            let back = warp.unmap_point(moved);
            prop_assert!(distance(back, place) < 1e-3, "{place:?} came back as {back:?}");
        }
    }
}

/// Faces with gaps, on the device.
fn faces_with_gaps(device: &Device) -> (Dataset, Tensor<4>) {
    let config = SynthConfig { training: 40, test: 1, seed: 5, ..Default::default() };
    let faces = generate(&config).training;
    assert!(faces.labels().iter().any(|labels| labels.count() < 30));
    let pixels = faces.pictures().as_bytes().iter();
    let pixels: Vec<f32> = pixels.map(|&grey| f32::from(grey) / 255.0).collect();
    let images = TensorData::new(pixels, [faces.len(), 1, SIDE, SIDE]);
    (faces, Tensor::from_data(images, device))
}

/// Labels in network units and their mask, row by row.
fn targets(labels: &[Labels]) -> (Vec<f32>, Vec<f32>) {
    let cells = labels.iter().flat_map(|row| Coordinate::all(15).map(|one| row.get(one)));
    cells.map(|one| one.map_or((0.0, 0.0), |pixels| (SCALE.normalize(pixels), 1.0))).unzip()
}

fn augmenter(config: &AugmentConfig) -> Augmenter {
    Augmenter::new(config, &Schema::kaggle15(), GREY, &all_coordinates(), SCALE, &Device::flex())
        .unwrap()
}

#[test]
fn flipped_twice_is_as_before() {
    let device = Device::flex();
    let (faces, images) = faces_with_gaps(&device);
    let flip = augmenter(&AugmentConfig { flip: 1.0, ..AugmentConfig::none() });
    let once = flip.apply(images.clone(), faces.labels(), 1).unwrap();
    let (mirrored, mask) = (numbers(once.values), numbers(once.mask));
    for (row, labels) in faces.labels().iter().enumerate() {
        let Some(right) = labels.get(kaggle15::RIGHT_EYE_CENTER.x()) else { continue };
        let left = mirrored[30 * row + kaggle15::LEFT_EYE_CENTER.x().index()];
        assert!((SCALE.denormalize(left) - (95.0 - right)).abs() < 1e-4);
    }
    assert_eq!(numbers(once.images.clone())[0], numbers(images.clone())[95]);
    let cells = mirrored.chunks(30).zip(mask.chunks(30));
    let labels: Vec<Labels> = cells
        .map(|(values, mask)| {
            let marked = Coordinate::all(15)
                .zip(values.iter().zip(mask))
                .filter(|(_, (_, mask))| **mask > 0.0);
            marked.map(|(one, (&value, _))| (one, SCALE.denormalize(value))).collect()
        })
        .collect();
    let twice = flip.apply(once.images, &labels, 2).unwrap();
    assert_eq!(numbers(twice.images), numbers(images));
    let (values, mask) = targets(faces.labels());
    assert_eq!(numbers(twice.mask), mask);
    for (found, expected) in numbers(twice.values).into_iter().zip(values) {
        assert!((found - expected).abs() < 1e-6);
    }
}

#[test]
fn none_changes_nothing() {
    let device = Device::flex();
    let (faces, images) = faces_with_gaps(&device);
    let (values, mask) = targets(faces.labels());
    let batch = augmenter(&AugmentConfig::none()).apply(images.clone(), faces.labels(), 1).unwrap();
    assert_eq!(numbers(batch.images), numbers(images));
    assert_eq!(numbers(batch.values), values);
    assert_eq!(numbers(batch.mask), mask);
    assert_eq!(batch.labels, faces.labels().iter().map(Labels::count).sum::<usize>());
}

#[test]
fn a_seed_repeats_whatever_else_is_in_the_batch() {
    let device = Device::flex();
    let (faces, images) = faces_with_gaps(&device);
    let config =
        AugmentConfig { noise: 0.05, brightness: 0.1, blur: 1.0, ..moves().pop().unwrap().1 };
    let augmenter = augmenter(&config);
    let apply = |count: usize, seed: u64| {
        let images = images.clone().slice(0..count);
        augmenter.apply(images, &faces.labels()[..count], seed).unwrap()
    };
    let all = |batch: AugmentedBatch| {
        (numbers(batch.images), numbers(batch.values), numbers(batch.mask), batch.labels)
    };
    let first = all(apply(6, 11));
    assert_eq!(first, all(apply(6, 11)));
    assert_ne!(first.0, all(apply(6, 12)).0);
    let fewer = all(apply(2, 11));
    assert_eq!(fewer.1, first.1[..60]);
    let off = fewer.0.iter().zip(&first.0).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(off < 1e-5, "{off}");
}

#[test]
fn gaps_stay_gaps_and_what_leaves_the_image_becomes_one() {
    let device = Device::flex();
    let (faces, images) = faces_with_gaps(&device);
    let config = AugmentConfig { shift: 48.0, rotation: 20.0, flip: 0.5, ..AugmentConfig::none() };
    let augmenter = augmenter(&config);
    let batch = augmenter.apply(images, faces.labels(), 3).unwrap();
    let warps = augmenter.warps(faces.len(), 3);
    let (values, mask) = (numbers(batch.values), numbers(batch.mask));
    let (mut left, mut gaps) = (0, 0);
    for (row, labels) in faces.labels().iter().enumerate() {
        for keypoint in Schema::kaggle15().keypoints() {
            let target = if warps[row].flips() {
                Schema::kaggle15().mirrored(keypoint).unwrap()
            } else {
                keypoint
            };
            let column = 30 * row + target.x().index();
            let place = labels.point(keypoint).map(|point| warps[row].map_point(point));
            let inside = |at: &Point| (0.0..=95.0).contains(&at.x) && (0.0..=95.0).contains(&at.y);
            match place {
                Some(at) if inside(&at) => {
                    assert_eq!(mask[column..column + 2], [1.0, 1.0]);
                    assert!((SCALE.denormalize(values[column]) - at.x).abs() < 1e-4);
                    assert!((SCALE.denormalize(values[column + 1]) - at.y).abs() < 1e-4);
                    continue;
                }
                Some(_) => left += 1,
                None => gaps += 1,
            }
            assert_eq!(mask[column..column + 2], [0.0, 0.0]);
            assert_eq!(values[column..column + 2], [0.0, 0.0]);
        }
    }
    assert!(left > 0 && gaps > 0, "{left} left, {gaps} gaps");
    assert_eq!(batch.labels, mask.iter().filter(|&&one| one == 1.0).count());
}

#[test]
fn every_strategy_can_be_augmented() {
    let device = Device::flex();
    let (faces, images) = faces_with_gaps(&device);
    let eight: Vec<Coordinate> =
        kaggle15::FOUR_POINTS.into_iter().flat_map(|point| [point.x(), point.y()]).collect();
    let augmenter = Augmenter::new(
        &moves().pop().unwrap().1,
        &Schema::kaggle15(),
        GREY,
        &eight,
        SCALE,
        &device,
    )
    .unwrap();
    let batch = augmenter.apply(images, faces.labels(), 5).unwrap();
    assert_eq!(batch.values.dims(), [faces.len(), 8]);
    assert!(batch.labels > 4 * faces.len());
}

#[test]
fn batches_of_another_shape_are_refused() {
    let device = Device::flex();
    let nose = Augmenter::new(
        &AugmentConfig::standard(),
        &Schema::kaggle15(),
        GREY,
        &NOSE,
        SCALE,
        &device,
    )
    .unwrap();
    let images = |side: usize| Tensor::<4>::zeros([2, 1, side, side], &device);
    let error = nose.apply(images(64), &vec![Labels::default(); 2], 1).unwrap_err().to_string();
    assert_eq!(error, "images: shape [2, 1, 96, 96] expected, but found [2, 1, 64, 64]");
    let colour = Tensor::<4>::zeros([2, 3, 96, 96], &device);
    let error = nose.apply(colour, &vec![Labels::default(); 2], 1).unwrap_err().to_string();
    assert_eq!(error, "images: shape [2, 1, 96, 96] expected, but found [2, 3, 96, 96]");
    let error = nose.apply(images(96), &[Labels::default()], 1).unwrap_err();
    assert!(matches!(error, AugmentError::BadBatch { what: "labels", .. }), "{error}");
    let none = Tensor::<4>::zeros([0, 1, 96, 96], &device);
    assert_eq!(nose.apply(none, &[], 1).unwrap().images.dims(), [0, 1, 96, 96]);
}
