//! Mirror pairs and unit from the names of points.

use std::collections::HashMap;

use super::file::SchemaFile;
use super::{Schema, SchemaError};

/// Words that name a side, each with its opposite. Only whole words of a name count: `upright` names no side.
const SIDES: [[&str; 2]; 3] = [["left", "right"], ["l", "r"], ["lt", "rt"]];

impl Schema {
    /// A schema whose mirror pairs and unit are guessed from the names of its points: `left_ear` and `right_ear` change places,
    /// `chin` stays. Words are told apart by `_`, `-`, spaces, digits and capital letters (`leftEar`, `ear-L`).
    ///
    /// Without a side in any name, or where the partner of a point is missing, nothing is guessed: the schema then has no mirror
    /// pairs, and flips are refused. [`Schema::without_partner`] names such points. The unit is the distance between the outer
    /// eye corners or, where there are none, the eyes.
    ///
    /// ```
    /// use keypoints_core::Schema;
    ///
    /// let cat = Schema::guess("cat", ["LeftEye", "RightEye", "Mouth", "Left-ear", "Right-ear"])?;
    /// let [left, right] = ["LeftEye", "RightEye"].map(|name| cat.keypoint(name));
    /// assert_eq!(cat.mirrored(left.ok_or("a point")?), right);
    /// assert_eq!(cat.unit().map(|[one, _]| one), left);
    ///
    /// let hole = Schema::guess("hole", ["left_ear", "nose"])?;
    /// assert!(!hole.has_mirror());
    /// assert_eq!(hole.without_partner(), ["left_ear"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`Schema::new`].
    pub fn guess<N: Into<String>>(
        name: impl Into<String>,
        keypoints: impl IntoIterator<Item = N>,
    ) -> Result<Self, SchemaError> {
        let keypoints: Vec<String> = keypoints.into_iter().map(Into::into).collect();
        let sides = Sides::of(&keypoints);
        let pairs = sides.pairs();
        let whole = !pairs.is_empty() && sides.holes().is_empty();
        let unit = unit(&pairs);
        let mirror_pairs = whole.then_some(pairs);
        let name = name.into();
        Self::try_from(SchemaFile { name, keypoints, mirror_pairs, unit, ..SchemaFile::default() })
    }

    /// The points whose names have a side, but whose partner on the other side is missing.
    pub fn without_partner(&self) -> Vec<&str> {
        Sides::of(&self.keypoints).holes()
    }

    /// The schema of some of the points, in the order asked for. A mirror pair stays if both its points do; if only one of them
    /// stays, nothing is known of mirror images any more. The unit stays if both its points do. The name says how many points are
    /// left.
    ///
    /// ```
    /// use keypoints_core::{Schema, kaggle15};
    ///
    /// let all = Schema::kaggle15();
    /// let eyes = all.select(&[kaggle15::LEFT_EYE_CENTER, kaggle15::RIGHT_EYE_CENTER])?;
    /// assert_eq!(eyes.names(), ["left_eye_center", "right_eye_center"]);
    /// assert!(eyes.has_mirror() && !all.select(&[kaggle15::LEFT_EYE_CENTER])?.has_mirror());
    /// # Ok::<(), keypoints_core::SchemaError>(())
    /// ```
    ///
    /// # Errors
    /// [`SchemaError`] for no point at all, or one twice.
    ///
    /// # Panics
    /// If the schema has no such point.
    pub fn select(&self, keypoints: &[crate::Keypoint]) -> Result<Self, SchemaError> {
        let file = SchemaFile::from(self.clone());
        let mut file = file.select(keypoints.iter().map(|&one| self.name_of(one).to_owned()));
        file.name = format!("{}, {} points", self.name, keypoints.len());
        Self::try_from(file)
    }
}

/// Which names are of one side, and which are their partners.
struct Sides<'a> {
    names: &'a [String],
    /// For names with a side, the names of the other side: one, unless something is wrong.
    partners: Vec<Option<Vec<usize>>>,
}

impl<'a> Sides<'a> {
    fn of(names: &'a [String]) -> Self {
        let mut by_words = HashMap::<Vec<String>, Vec<usize>>::new();
        for (index, name) in names.iter().enumerate() {
            by_words.entry(words(name)).or_default().push(index);
        }
        let partners =
            |name: &String| Some(by_words.get(&partner_words(name)?).cloned().unwrap_or_default());
        Self { names, partners: names.iter().map(partners).collect() }
    }

    /// Every pair once, the point that comes first in front.
    fn pairs(&self) -> Vec<[String; 2]> {
        let pair = |(own, partners): (usize, &Option<Vec<usize>>)| {
            let partner = *partners.as_ref()?.first()?;
            (own < partner).then(|| [self.names[own].clone(), self.names[partner].clone()])
        };
        self.partners.iter().enumerate().filter_map(pair).collect()
    }

    /// The names of one side without exactly one partner.
    fn holes(&self) -> Vec<&'a str> {
        let alone = |(own, partners): (usize, &Option<Vec<usize>>)| {
            partners.as_ref().filter(|partners| partners.len() != 1)?;
            Some(self.names[own].as_str())
        };
        self.partners.iter().enumerate().filter_map(alone).collect()
    }
}

/// The words of the partner's name. `None` for a name without a side.
fn partner_words(name: &str) -> Option<Vec<String>> {
    let mut words = words(name);
    let mut turned = false;
    for word in &mut words {
        for [left, right] in SIDES {
            let opposite = if word == left {
                right
            } else if word == right {
                left
            } else {
                continue;
            };
            *word = opposite.to_owned();
            turned = true;
            break;
        }
    }
    turned.then_some(words)
}

/// The words of a name in small letters.
fn words(name: &str) -> Vec<String> {
    #[derive(PartialEq, Clone, Copy)]
    enum Kind {
        Gap,
        Digit,
        Small,
        Capital,
    }
    let kind = |c: char| match c {
        c if c.is_numeric() => Kind::Digit,
        c if c.is_uppercase() => Kind::Capital,
        c if c.is_alphabetic() => Kind::Small,
        _ => Kind::Gap,
    };
    let mut words = vec![String::new()];
    let mut before = Kind::Gap;
    for c in name.chars() {
        let now = kind(c);
        let inside = now == before || (before, now) == (Kind::Capital, Kind::Small);
        if !inside {
            words.push(String::new());
        }
        if let (true, Some(word)) = (now != Kind::Gap, words.last_mut()) {
            word.extend(c.to_lowercase());
        }
        before = now;
    }
    words.retain(|word| !word.is_empty());
    words
}

/// The first of these pairs that there is: outer eye corners, eye centres or pupils, eyes.
fn unit(pairs: &[[String; 2]]) -> Option<[String; 2]> {
    let has = |pair: &[String; 2], wanted: &[&str]| {
        let words = words(&pair[0]);
        wanted.iter().all(|one| words.iter().any(|word| word == one))
    };
    let only_eye = |pair: &[String; 2]| has(pair, &["eye"]) && words(&pair[0]).len() == 2;
    let outer = pairs.iter().find(|pair| has(pair, &["eye", "outer"]));
    let centre = || {
        pairs.iter().find(|pair| {
            has(pair, &["eye", "center"]) || has(pair, &["eye", "centre"]) || has(pair, &["pupil"])
        })
    };
    outer.or_else(centre).or_else(|| pairs.iter().find(|pair| only_eye(pair))).cloned()
}
