use super::*;
use crate::augment::AugmentConfig;
use burn::tensor::Device;
use keypoints_data::synth::{SynthConfig, generate};

#[test]
fn augmented_labels_reach_the_head_of_their_source() {
    let faces = generate(&SynthConfig { training: 20, test: 0, ..Default::default() }).training;
    let device = Device::flex();
    let plan = TrainingPlan::of_rows(&faces, (0..20).collect()).with_heads(Heads::PerSource);
    let sources: Vec<Source> = (0..20).map(|row| faces.sources()[row]).collect();
    let entries: Vec<usize> = (0..20).rev().collect();
    for scale in [CoordinateScale::centred(96), CoordinateScale::PIXELS] {
        let outputs = plan.outputs(scale);
        let images = DevicePictures::upload(faces.pictures(), &device);
        let targets = Targets::upload(&outputs, &plan.targets, &sources, &device);
        // So little light changes no label: what is left is the way that labels take.
        let dim = AugmentConfig { brightness: 1e-6, ..AugmentConfig::none() };
        let shape = faces.pictures().shape();
        let augmenter =
            Augmenter::new(&dim, &plan.schema, shape, &plan.coordinates, scale, &device).unwrap();
        let data = TrainingData {
            plan: &plan,
            scale,
            loss: LossConfig::Mse,
            epochs: 1,
            images: &images,
            targets: targets.clone(),
            sources: sources.clone(),
            weights: None,
            augmenter: Some(augmenter),
        };
        let batch = data.batch(&entries, 5).unwrap();
        let (values, mask) = targets.gather(&entries);
        assert_eq!(batch.mask.to_data(), mask.to_data());
        // As numbers: a value that does not count may be masked to −0.
        let counted = |values: Tensor<2>| values.into_data().try_to_vec::<f32>().unwrap();
        assert_eq!(counted(batch.values * batch.mask.clone()), counted(values * mask));
        let labels: usize = plan.targets.iter().map(Labels::count).sum();
        assert_eq!(batch.labels, labels);

        // Row r counts r / 19: the weights are looked up by entry, for both heads alike.
        let weights: Vec<f32> = (0..20).map(|row| row as f32 / 19.0).collect();
        let data = TrainingData { weights: Some(weights.clone()), ..data };
        let weighed = data.batch(&entries, 5).unwrap();
        let column = TensorData::new(entries.iter().map(|&one| weights[one]).collect(), [20, 1]);
        let column = Tensor::<2>::from_data(column, &device);
        assert_eq!(counted(weighed.mask), counted(batch.mask * column));
        assert!(weighed.labels < labels, "{} of {labels}", weighed.labels);
    }
}
