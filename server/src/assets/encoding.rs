//! Content negotiation by `Accept-Encoding` (RFC 9110, section 12.5.3), for the forms that a build makes.

/// A form in which a file may be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Encoding {
    /// Brotli (RFC 7932).
    Brotli,
    /// Gzip (RFC 1952).
    Gzip,
    /// As it is.
    Identity,
}

impl Encoding {
    /// What the file's name has at its end.
    pub(super) const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
            Self::Identity => "",
        }
    }

    /// The value of `Content-Encoding`; none for the file as it is.
    pub(super) const fn content_coding(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// The forms that the client takes, smallest first. The file as it is, is always among them: to send it is better than
/// to send nothing.
pub(super) fn preferred(accepted: &str) -> impl Iterator<Item = Encoding> {
    [Encoding::Brotli, Encoding::Gzip, Encoding::Identity]
        .into_iter()
        .filter(move |encoding| {
            encoding
                .content_coding()
                .is_none_or(|coding| accepts(accepted, coding))
        })
}

fn accepts(accepted: &str, coding: &str) -> bool {
    accepted.split(',').any(|member| {
        let mut parts = member.split(';').map(str::trim);
        let is_named = parts
            .next()
            .is_some_and(|name| name.eq_ignore_ascii_case(coding));
        is_named && !parts.any(is_zero_weight)
    })
}

/// Whether a parameter is `q=0`, in any spelling of zero.
fn is_zero_weight(parameter: &str) -> bool {
    let weight = parameter
        .strip_prefix("q=")
        .or_else(|| parameter.strip_prefix("Q="));
    weight
        .and_then(|weight| weight.parse::<f32>().ok())
        .is_some_and(|weight| weight <= 0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_accepted_form_comes_first() {
        let cases: [(&str, &[Encoding]); 6] = [
            (
                "gzip, deflate, br",
                &[Encoding::Brotli, Encoding::Gzip, Encoding::Identity],
            ),
            ("gzip;q=0.5", &[Encoding::Gzip, Encoding::Identity]),
            ("br;q=0, gzip", &[Encoding::Gzip, Encoding::Identity]),
            ("BR; q=1.0", &[Encoding::Brotli, Encoding::Identity]),
            ("brotli, x-gzip", &[Encoding::Identity]),
            ("", &[Encoding::Identity]),
        ];
        for (accepted, forms) in cases {
            assert_eq!(preferred(accepted).collect::<Vec<_>>(), forms, "{accepted}");
        }
    }
}
