//! A few words for a session in its owner's list, such as "Firefox on Linux". Coarse on purpose: no versions.

/// Longest text looked at; a User-Agent field can be anything.
const MAX_LOOKED_AT: usize = 512;

/// Marks of browsers, in the order that tells them apart: most claim to be their ancestors too.
const BROWSERS: [(&str, &str); 7] = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

/// Marks of systems, in the order that tells them apart.
const SYSTEMS: [(&str, &str); 7] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
];

/// Names browser and system of a User-Agent field.
#[must_use]
pub(crate) fn client_label(user_agent: Option<&str>) -> String {
    let text: String = user_agent
        .unwrap_or_default()
        .chars()
        .take(MAX_LOOKED_AT)
        .collect();
    let find = |marks: &[(&str, &'static str)]| {
        marks
            .iter()
            .find(|(mark, _)| text.contains(mark))
            .map(|(_, name)| *name)
    };
    match (find(&BROWSERS), find(&SYSTEMS)) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) => String::from("Unknown client"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn well_known_clients_have_their_names() {
        let cases = [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                "Firefox on Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36",
                "Chrome on Android",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Version/17.0 Mobile/15E148 Safari/604.1",
                "Safari on iPhone",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Version/17 Safari/605.1.15",
                "Safari on macOS",
            ),
            ("curl/8.0", "Unknown client"),
            ("<script>alert(1)</script>", "Unknown client"),
        ];
        for (user_agent, label) in cases {
            assert_eq!(client_label(Some(user_agent)), label, "{user_agent}");
        }
        assert_eq!(client_label(None), "Unknown client");
    }
}
