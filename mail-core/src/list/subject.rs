//! Subjects without what mail programs add to them (after RFC 5256, section 2.1).

/// What stands before the colon of a reply or a forwarded message, in lower case.
const PREFIXES: [&str; 18] = [
    "re", "fw", "fwd", "aw", "wg", "antw", "sv", "vs", "vb", "tr", "rv", "rif", "r", "i", "odp",
    "ynt", "回复", "转发",
];
/// Most prefixes and list names taken off one subject.
const MAX_LAYERS: usize = 20;

/// A subject as it was first written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BaseSubject {
    /// In lower case, white space single.
    pub(crate) text: String,
    /// Whether it was that of a reply or of a forwarded message.
    pub(crate) is_answer: bool,
}

/// Takes prefixes, list names in brackets and a trailing `(fwd)` off.
pub(crate) fn base_subject(subject: &str) -> BaseSubject {
    let text = subject.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    let (mut rest, mut is_answer) = (text.as_str(), false);
    for _ in 0..MAX_LAYERS {
        if let Some(less) = without_prefix(rest) {
            (rest, is_answer) = (less, true);
        } else if let Some(less) = rest.strip_suffix("(fwd)") {
            (rest, is_answer) = (less.trim_end(), true);
        } else if let Some(less) = without_list_name(rest) {
            rest = less;
        } else {
            break;
        }
    }
    BaseSubject {
        text: rest.to_owned(),
        is_answer,
    }
}

/// Without one `re:`, `re[2]:` or the like.
fn without_prefix(text: &str) -> Option<&str> {
    let (before, after) = text.split_once([':', '：'])?;
    let word = match before.trim_end().split_once('[') {
        Some((word, count)) if is_count(count) => word,
        Some(_) => return None,
        None => before.trim_end(),
    };
    PREFIXES
        .contains(&word.trim_end())
        .then(|| after.trim_start())
}

fn is_count(text: &str) -> bool {
    text.strip_suffix(']')
        .is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()))
}

/// Without one `[list]`, unless nothing would be left.
fn without_list_name(text: &str) -> Option<&str> {
    let (name, rest) = text.strip_prefix('[')?.split_once(']')?;
    let rest = rest.trim_start();
    (!name.contains('[') && !rest.is_empty()).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_programs_add_is_taken_off() {
        for (subject, base, is_answer) in [
            ("Dinner", "dinner", false),
            ("Re: Dinner", "dinner", true),
            ("RE : AW:  Fwd: Dinner", "dinner", true),
            ("Re[2]: Dinner", "dinner", true),
            ("[choir] Re: [choir] Dinner (fwd)", "dinner", true),
            ("[urgent]", "[urgent]", false),
            ("Report: March", "report: march", false),
            ("Re:", "", true),
            ("回复：晚餐", "晚餐", true),
            ("", "", false),
        ] {
            let found = base_subject(subject);
            assert_eq!(
                (found.text.as_str(), found.is_answer),
                (base, is_answer),
                "{subject}"
            );
        }
    }

    #[test]
    fn a_subject_of_nothing_but_prefixes_ends() {
        let found = base_subject(&"re: ".repeat(100_000));
        assert!(found.is_answer && found.text.starts_with("re:"));
    }
}
