//! Names in the order that people expect.

use std::cmp::Ordering;

/// Compares names byte by byte, and the numbers in them by value: `frame_2` comes before `frame_10`.
pub(super) fn natural(one: &[u8], other: &[u8]) -> Ordering {
    let (mut one, mut other) = (one, other);
    loop {
        let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
        match (digits(one), digits(other)) {
            (0, _) | (_, 0) => match (one.split_first(), other.split_first()) {
                (Some((first, rest)), Some((second, others))) if first == second => {
                    (one, other) = (rest, others);
                }
                _ => return one.cmp(other),
            },
            (length, others) => {
                let (number, rest) = one.split_at(length);
                let (second, remaining) = other.split_at(others);
                let value = |digits: &[u8]| {
                    let zeros = digits.iter().take_while(|&&digit| digit == b'0').count();
                    digits[zeros..].to_vec()
                };
                let (first, last) = (value(number), value(second));
                let order = first.len().cmp(&last.len()).then_with(|| first.cmp(&last));
                // The same number, written with more zeros, comes later.
                let order = order.then(length.cmp(&others));
                if order != Ordering::Equal {
                    return order;
                }
                (one, other) = (rest, remaining);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_value() {
        let sorted = [
            "",
            "1.png",
            "01.png",
            "2.png",
            "10.png",
            "a",
            "a1",
            "a1b2",
            "a1b10",
            "a2",
            "a99999999999999999999",
            "a100000000000000000000",
            "b",
        ];
        for (at, one) in sorted.iter().enumerate() {
            for (other_at, other) in sorted.iter().enumerate() {
                assert_eq!(
                    natural(one.as_bytes(), other.as_bytes()),
                    at.cmp(&other_at),
                    "{one} {other}"
                );
            }
        }
    }
}
