//! Words by which a person says that something is attached, so that who has attached nothing can be asked.

use crate::forward::is_forwarded_rule;

/// Beginnings of words, in lower case: English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Swedish,
/// Danish and Norwegian, Russian, Turkish.
const WORD_BEGINNINGS: &[&str] = &[
    "attached",
    "attachment",
    "attaching",
    "enclosed",
    "anhang",
    "anhänge",
    "angehängt",
    "angehangen",
    "beigefügt",
    "anbei",
    "beiliegend",
    "ci-joint",
    "adjunt",
    "allegat",
    "anexo",
    "anexad",
    "bijlage",
    "bijgevoegd",
    "bijgesloten",
    "załącz",
    "bifog",
    "vedhæft",
    "vedlagt",
    "vedlegg",
    "вложен",
    "прикреп",
    "ekte",
    "ekli",
];
/// Words of several parts.
const PHRASES: &[&str] = &["pièce jointe", "pièces jointes", "en pièce"];

/// The first word of a message's own text or subject that says something is attached. What is quoted or passed on is
/// not looked at, and no web address.
#[must_use]
pub fn says_attached(subject: &str, text: &str) -> Option<String> {
    let own = text
        .lines()
        .take_while(|line| !is_forwarded_rule(line))
        .filter(|line| !line.trim_start().starts_with('>'));
    let is_answer = ["re:", "fwd:", "fw:"].iter().any(|prefix| {
        let start = subject.trim_start().get(..prefix.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(prefix))
    });
    // The subject of an answer is another's.
    let subject = Some(subject).filter(|_| !is_answer);
    own.chain(subject).find_map(in_line)
}

fn in_line(line: &str) -> Option<String> {
    let lower = line.to_lowercase();
    if let Some(phrase) = PHRASES.iter().find(|phrase| lower.contains(**phrase)) {
        return Some((*phrase).to_owned());
    }
    let is_address = |word: &&str| word.contains("://") || word.contains('@');
    lower
        .split_whitespace()
        .filter(|word| !is_address(word))
        .map(|word| word.trim_matches(|character: char| !character.is_alphanumeric()))
        .find(|word| {
            WORD_BEGINNINGS
                .iter()
                .any(|beginning| begins(word, beginning))
        })
        .map(str::to_owned)
}

/// Short ones are whole words.
fn begins(word: &str, beginning: &str) -> bool {
    if beginning.chars().count() <= 4 {
        word == beginning
    } else {
        word.starts_with(beginning)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_said_in_several_languages() {
        for text in [
            "Please find ATTACHED the file.",
            "Die Datei ist im Anhang.",
            "Anbei, wie besprochen",
            "Voir la pièce jointe",
            "ci-joint le rapport",
            "Te lo envío adjunto",
            "In allegato trovi",
            "Segue em anexo.",
            "Zie de bijlage",
            "W załączniku",
            "Jag bifogar filen",
            "Se vedhæftet fil",
            "Файл прикреплён",
        ] {
            assert!(says_attached("", text).is_some(), "{text}");
        }
        assert_eq!(
            says_attached("The contract attached", "Hi"),
            Some("attached".into())
        );
    }

    #[test]
    fn what_others_wrote_does_not_count() {
        for text in [
            "Thanks!\n\nOn Monday, bob wrote:\n> It is attached.",
            "See\n---------- Forwarded message ----------\nSubject: attached",
            "https://localhost/attachments",
            "I am detached.",
            "",
        ] {
            assert_eq!(says_attached("Re: attached", text), None, "{text}");
        }
    }
}
