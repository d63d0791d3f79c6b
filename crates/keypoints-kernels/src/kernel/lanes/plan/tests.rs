use super::*;

/// Both ways every product of the convolution is found, and no other one.
#[test]
fn taps_meet_the_same_pixels_both_ways() {
    for (input, kernel, stride, before, after) in
        [(7_usize, 3, 1, 1, 1), (8, 3, 2, 1, 1), (9, 3, 2, 0, 1), (6, 1, 2, 0, 0), (11, 5, 3, 4, 2)]
    {
        let output = (input + before + after - kernel) / stride + 1;
        let mut expected = Vec::new();
        for (at, tap) in (0..output).flat_map(|at| (0..kernel).map(move |tap| (at, tap))) {
            if let Some(from) =
                usize::checked_sub(at * stride + tap, before).filter(|&from| from < input)
            {
                expected.push((from, at, tap));
            }
        }
        let pairs = |axis: &Axis| {
            let mut found = Vec::new();
            for at in 0..axis.size {
                let Some((lattice, source)) = axis.find(at) else { continue };
                for (down, &tap) in axis.lattices[lattice].taps.iter().enumerate() {
                    let from = source + down as isize;
                    if (0..axis.source as isize).contains(&from) {
                        found.push((at, from as usize, tap));
                    }
                }
            }
            found
        };
        let mut forward: Vec<_> = pairs(&Axis::forward(input, output, kernel, stride, before))
            .into_iter()
            .map(|(at, from, tap)| (from, at, tap))
            .collect();
        let mut backward = pairs(&Axis::backward(output, input, kernel, stride, before));
        for found in [&mut expected, &mut forward, &mut backward] {
            found.sort_unstable();
        }
        assert_eq!(forward, expected);
        assert_eq!(backward, expected);
    }
}
