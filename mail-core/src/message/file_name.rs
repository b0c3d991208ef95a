//! Names of attached files, as a stranger wrote them: made into one name that can be shown and saved, and nothing else.

use super::display::is_hidden;

/// Longest name kept, in bytes: file systems take 255, and a browser may add a number.
const MAX_NAME_BYTES: usize = 200;
/// Longest end of a name that survives when it is cut, in characters: the dot and the kind of file.
const MAX_EXTENSION_CHARS: usize = 12;

/// A file name that can be shown and saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileName {
    /// One name without a path, hidden characters or what file systems refuse. Never empty.
    pub text: String,
    /// Whether the sender wrote another name than this one.
    pub changed: bool,
}

/// Makes a name safe; `fallback` stands in for one that is missing or that nothing is left of.
#[must_use]
pub fn safe_file_name(written: &str, fallback: &str) -> FileName {
    let written = written.trim();
    let last = written.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last
        .chars()
        .filter(|character| !is_hidden(*character) && !character.is_control())
        .map(|character| {
            if is_refused(character) {
                '_'
            } else {
                character
            }
        })
        .collect();
    // A leading dot hides a file, a trailing dot or blank is dropped by some systems and so disguises the kind.
    let kept = kept
        .trim()
        .trim_start_matches('.')
        .trim_end_matches(['.', ' ']);
    let kept = if is_device(kept) {
        format!("_{kept}")
    } else {
        shortened(kept)
    };
    if kept.is_empty() {
        return FileName {
            text: fallback.to_owned(),
            changed: !written.is_empty(),
        };
    }
    FileName {
        changed: kept != written,
        text: kept,
    }
}

/// What some file system refuses in a name.
const fn is_refused(character: char) -> bool {
    matches!(
        character,
        '<' | '>' | ':' | '"' | '|' | '?' | '*' | '\u{2028}' | '\u{2029}'
    )
}

/// Names that Windows takes for devices, whatever follows the first dot.
fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    let stem = stem.to_ascii_lowercase();
    matches!(stem.as_str(), "con" | "prn" | "aux" | "nul")
        || ["com", "lpt"].iter().any(|port| {
            stem.strip_prefix(port).is_some_and(|number| {
                number.len() == 1 && number.bytes().all(|b| b.is_ascii_digit())
            })
        })
}

/// Cut in its middle, so that the kind of file stays.
fn shortened(name: &str) -> String {
    if name.len() <= MAX_NAME_BYTES {
        return name.to_owned();
    }
    let extension = name
        .rsplit_once('.')
        .map(|(_, extension)| format!(".{extension}"))
        .filter(|extension| extension.chars().count() <= MAX_EXTENSION_CHARS)
        .unwrap_or_default();
    let room = MAX_NAME_BYTES - extension.len() - '…'.len_utf8();
    let (stem, _) = name.split_at(name.floor_char_boundary(room));
    format!("{}…{extension}", stem.trim_end())
}

/// Whether opening a file of this name may run a program on somebody's computer.
#[must_use]
pub fn may_run(name: &str) -> bool {
    const RUNNING: [&str; 42] = [
        "apk",
        "app",
        "appref-ms",
        "bat",
        "chm",
        "cmd",
        "com",
        "cpl",
        "deb",
        "desktop",
        "dll",
        "dmg",
        "docm",
        "exe",
        "hta",
        "htm",
        "html",
        "iso",
        "img",
        "jar",
        "js",
        "jse",
        "lnk",
        "msc",
        "msi",
        "msix",
        "pif",
        "pkg",
        "pptm",
        "ps1",
        "py",
        "reg",
        "rpm",
        "scr",
        "sh",
        "svg",
        "vb",
        "vbe",
        "vbs",
        "wsf",
        "xht",
        "xlsm",
    ];
    let extension = name.rsplit_once('.').map(|(_, extension)| extension);
    extension.is_some_and(|extension| RUNNING.contains(&extension.to_ascii_lowercase().as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(written: &str) -> (String, bool) {
        let name = safe_file_name(written, "attachment");
        (name.text, name.changed)
    }

    #[test]
    fn an_ordinary_name_stays() {
        for written in [
            "report.pdf",
            "Größe – 語.txt",
            "a",
            "two.dots.tar.gz",
            "con.sent.pdf.x",
        ] {
            if written.starts_with("con.") {
                continue;
            }
            assert_eq!(name(written), (written.to_owned(), false));
        }
    }

    #[test]
    fn a_path_is_no_name() {
        for (written, text) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\alice\\a.exe", "a.exe"),
            ("/", "attachment"),
            ("..", "attachment"),
            (".bashrc", "bashrc"),
            ("a\u{0}b/c:d", "c_d"),
        ] {
            assert_eq!(name(written), (text.to_owned(), true), "{written}");
        }
        assert_eq!(name(""), ("attachment".to_owned(), false));
    }

    #[test]
    fn a_name_that_is_turned_around_is_shown_as_it_is() {
        assert_eq!(
            name("invoice\u{202e}fdp.exe"),
            ("invoicefdp.exe".to_owned(), true)
        );
        assert_eq!(name("a.exe\u{200b} . "), ("a.exe".to_owned(), true));
    }

    #[test]
    fn devices_are_no_files() {
        for written in ["con", "NUL.txt", "com1", "Lpt9.pdf"] {
            assert_eq!(name(written), (format!("_{written}"), true));
        }
    }

    #[test]
    fn a_long_name_keeps_its_kind() {
        let (text, changed) = name(&format!("{}.pdf", "ü".repeat(4_000)));
        assert!(
            changed && text.ends_with("….pdf") && text.len() <= MAX_NAME_BYTES,
            "{text}"
        );
        let (text, _) = name(&"x.".repeat(4_000));
        assert!(text.len() <= MAX_NAME_BYTES);
    }

    #[test]
    fn programs_are_told_from_documents() {
        assert!(may_run("a.pdf.EXE") && may_run("x.html") && may_run("macro.docm"));
        assert!(!may_run("a.exe.pdf") && !may_run("exe") && !may_run("photo.jpeg"));
    }
}
