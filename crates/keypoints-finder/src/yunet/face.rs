//! A face as YuNet describes it.

use keypoints_core::{Crop, Labels, Point, Region, Schema, kaggle15};

/// The keypoints of [`YuNetFace::points`].
const KEYPOINTS: [keypoints_core::Keypoint; 5] = [
    kaggle15::RIGHT_EYE_CENTER,
    kaggle15::LEFT_EYE_CENTER,
    kaggle15::NOSE_TIP,
    kaggle15::MOUTH_RIGHT_CORNER,
    kaggle15::MOUTH_LEFT_CORNER,
];

/// A face that [`YuNet`](super::YuNet) found, in pixels of the picture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct YuNetFace {
    /// The box around the face. It may reach beyond the picture.
    pub region: Region,
    /// Right eye, left eye, tip of the nose, right and left corner of the mouth. Right and left are the subject's.
    pub points: [Point; 5],
    /// From 0 to 1, higher for what looks more like a face.
    pub score: f32,
}

impl YuNetFace {
    /// Returns the points as labels of the schema `kaggle-15`.
    pub fn labels(&self) -> Labels {
        let mut labels = Labels::default();
        for (keypoint, point) in KEYPOINTS.into_iter().zip(self.points) {
            labels.set_point(keypoint, point);
        }
        labels
    }

    /// Returns the crop that brings eyes and mouth corners closest to the competition's
    /// [`crop_template`](kaggle15::crop_template). `None` if they lie at one place.
    pub fn crop(&self) -> Option<Crop> {
        Crop::fit(&kaggle15::crop_template(), &Schema::kaggle15(), &self.labels())
    }
}
