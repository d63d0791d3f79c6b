//! Schemas of well-known datasets.

use std::sync::{Arc, LazyLock};

use super::Schema;

/// The names that [`Schema::builtin`] knows.
pub const BUILTIN_SCHEMAS: [&str; 4] = ["kaggle-15", "ibug-68", "wflw-98", "coco-face-68"];

/// In the order of [`BUILTIN_SCHEMAS`].
static SCHEMAS: LazyLock<[Arc<Schema>; 4]> = LazyLock::new(|| {
    let files = [
        include_str!("../../schemas/kaggle-15.json"),
        include_str!("../../schemas/ibug-68.json"),
        include_str!("../../schemas/wflw-98.json"),
        include_str!("../../schemas/coco-face-68.json"),
    ];
    #[expect(
        clippy::expect_used,
        reason = "the files are part of the program, and a test reads them"
    )]
    files.map(|text| Arc::new(serde_json::from_str(text).expect("a schema")))
});

impl Schema {
    /// A schema that comes with the crate, by its name.
    ///
    /// | name | points |
    /// | --- | --- |
    /// | `kaggle-15` | Kaggle's "Facial Keypoints Detection", with its two label sources |
    /// | `ibug-68` | iBUG 300-W (and Helen, LFPW, AFW), in the order of `.pts` files |
    /// | `wflw-98` | Wider Facial Landmarks in the Wild |
    /// | `coco-face-68` | the face of COCO-WholeBody, in the order of `face_kpts` |
    ///
    /// "Left" and "right" are the *subject's*: on the picture the left eye is on the right-hand side.
    ///
    /// ```
    /// use keypoints_core::{BUILTIN_SCHEMAS, Schema};
    ///
    /// let sizes = BUILTIN_SCHEMAS.map(|name| Schema::builtin(name).map(|schema| schema.len()));
    /// assert_eq!(sizes, [Some(15), Some(68), Some(98), Some(68)]);
    /// ```
    pub fn builtin(name: &str) -> Option<Arc<Self>> {
        let index = BUILTIN_SCHEMAS.iter().position(|one| *one == name)?;
        Some(Arc::clone(&SCHEMAS[index]))
    }

    /// The schema `kaggle-15`; [`kaggle15`](crate::kaggle15) names its points.
    pub fn kaggle15() -> Arc<Self> {
        Arc::clone(&SCHEMAS[0])
    }
}
