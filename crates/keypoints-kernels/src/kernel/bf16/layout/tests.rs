use super::*;

/// Every product once, its slot filled by the pixel that its tap reads.
#[test]
fn every_term_is_read_where_it_lies() {
    for (channels, taps, stride) in [
        (1, [3, 3], [1, 1]),
        (1, [3, 3], [2, 2]),
        (3, [3, 3], [1, 1]),
        (5, [3, 3], [1, 1]),
        (16, [3, 3], [1, 1]),
        (16, [3, 3], [2, 2]),
        (24, [3, 3], [2, 2]),
        (33, [2, 5], [3, 2]),
        (64, [1, 1], [1, 1]),
        (16, [1, 1], [2, 2]),
        (8, [5, 5], [1, 3]),
    ] {
        let window = Window { source: [9, 9], first: [-1, -1], stride, taps, columns: 7 };
        for [slots, align] in [[32, 2], [16, 1]] {
            let layout = Layout::new(channels, window, [slots, align]);
            let mut seen = vec![false; channels * taps[0] * taps[1]];
            for reading in &layout.readings {
                assert!(reading.chunk < layout.chunks() && reading.terms.len() <= slots);
                for term in &reading.terms {
                    let at = (term.channel * taps[0] + term.tap[0]) * taps[1] + term.tap[1];
                    assert!(!std::mem::replace(&mut seen[at], true), "{layout:?} {term:?}");
                    let found = (0..layout.views.len()).any(|view| {
                        let [chunk, slot] = layout.start(view);
                        let lies =
                            [chunk + (slot + term.channel) / slots, (slot + term.channel) % slots];
                        lies == [reading.chunk, term.slot]
                            && (0..2).all(|axis| {
                                reading.offset[axis] * stride[axis] + layout.views[view][axis]
                                    == term.tap[axis]
                            })
                    });
                    assert!(found, "{layout:?} {term:?}");
                }
            }
            assert!(seen.into_iter().all(|seen| seen), "{layout:?}");
        }
    }
}
