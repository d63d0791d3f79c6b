use super::*;
use crate::area::px;
use crate::style::{INK, text};

#[test]
fn names_break_between_words_and_keep_their_letters() {
    let style = text(14, INK, false);
    assert_eq!(wrap("one model", &style, px(200)), ["one model"]);
    assert_eq!(wrap("", &style, px(200)), [""]);
    for name in ["two models, pseudo-labels", "efficientnet_b0_masked_two_head", &"m".repeat(40)] {
        let lines = wrap(name, &style, px(230));
        assert!((1..=3).contains(&lines.len()), "{lines:?}");
        assert!(lines.iter().all(|line| width(line, &style) <= px(230)), "{lines:?}");
        assert_eq!(lines.concat().replace(' ', ""), name.replace(' ', ""));
    }
    let lines = wrap("two models, pseudo-labels", &style, px(120));
    assert_eq!(lines, ["two models,", "pseudo-labels"]);
}

#[test]
fn what_is_too_long_ends_in_an_ellipsis() {
    let style = text(14, INK, false);
    for name in ["word ".repeat(100), "w".repeat(5000), "ß界".repeat(200)] {
        let lines = wrap(&name, &style, px(150));
        assert_eq!(lines.len(), 3);
        assert!(lines[2].ends_with('…'), "{lines:?}");
        assert!(lines.iter().all(|line| width(line, &style) <= px(150)), "{lines:?}");
    }
    // There is no room for anything: a character each, and an end.
    assert_eq!(wrap("abcdef", &style, 0).len(), 3);
}
