//! The fields of a line.

/// What some editors put before the first character of a file.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A field of a line.
pub(crate) enum Field<'a> {
    /// Its text, without the quotes around it.
    Text(&'a [u8]),
    /// The rest of the line from a quote that is not closed where the field ends.
    BadQuote(&'a [u8]),
}

/// The fields of a line: separated by commas, each perhaps in quotes. No number and no name of these
/// files has a quote or a line end in it, so a quoted field goes up to the next quote of the same line.
pub(crate) struct Fields<'a> {
    rest: Option<&'a [u8]>,
}

impl<'a> Fields<'a> {
    pub(crate) fn new(line: &'a [u8]) -> Self {
        Self { rest: Some(line) }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        let rest = self.rest.take()?;
        let Some(quoted) = rest.strip_prefix(b"\"") else {
            return Some(Field::Text(match memchr::memchr(b',', rest) {
                Some(comma) => {
                    self.rest = Some(&rest[comma + 1..]);
                    &rest[..comma]
                }
                None => rest,
            }));
        };
        let Some(quote) = memchr::memchr(b'"', quoted) else { return Some(Field::BadQuote(rest)) };
        match &quoted[quote + 1..] {
            [] => {}
            [b',', behind @ ..] => self.rest = Some(behind),
            _ => return Some(Field::BadQuote(rest)),
        }
        Some(Field::Text(&quoted[..quote]))
    }
}
