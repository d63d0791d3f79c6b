//! The fields of a line of text.

/// What some editors put before the first character of a file.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A field of a line.
pub(crate) enum Field<'a> {
    /// Its text, without the quotes around it.
    Text(&'a [u8]),
    /// The rest of the line from a quote that is not closed where the field ends. A doubled quote looks like that too.
    BadQuote(&'a [u8]),
}

/// The fields of a line, each perhaps in quotes. A quoted field goes up to the next quote of the same line.
pub(crate) struct Fields<'a> {
    rest: Option<&'a [u8]>,
    separator: u8,
}

impl<'a> Fields<'a> {
    /// Fields that are separated by this byte.
    pub(crate) fn separated(line: &'a [u8], separator: u8) -> Self {
        Self { rest: Some(line), separator }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Field<'a>;

    fn next(&mut self) -> Option<Field<'a>> {
        let rest = self.rest.take()?;
        let Some(quoted) = rest.strip_prefix(b"\"") else {
            return Some(Field::Text(match memchr::memchr(self.separator, rest) {
                Some(end) => {
                    self.rest = Some(&rest[end + 1..]);
                    &rest[..end]
                }
                None => rest,
            }));
        };
        let Some(quote) = memchr::memchr(b'"', quoted) else { return Some(Field::BadQuote(rest)) };
        match &quoted[quote + 1..] {
            [] => {}
            [one, behind @ ..] if *one == self.separator => self.rest = Some(behind),
            _ => return Some(Field::BadQuote(rest)),
        }
        Some(Field::Text(&quoted[..quote]))
    }
}
