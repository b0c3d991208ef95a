//! Building and parsing are inverse, whatever is typed.

use super::{HeaderProtection, Note, Outer, Outgoing, build, canonical_text, parse, unwrap, wrap};
use crate::views::Person;
use proptest::prelude::*;

fn person(name: &str, address: &str) -> Person {
    Person {
        name: name.to_owned(),
        address: address.to_owned(),
    }
}

fn outgoing(subject: &str, text: &str) -> Outgoing {
    Outgoing {
        from: person("", "alice@localhost"),
        to: vec![
            person("Bob Bobson", "bob@localhost"),
            person("", "carol@localhost"),
        ],
        cc: vec![person("Dönal, D.", "donal@localhost")],
        bcc: Vec::new(),
        subject: subject.to_owned(),
        text: text.to_owned(),
        date_s: 1_800_000_000,
        message_id: "5e0f@localhost".to_owned(),
        in_reply_to: Some("a1@localhost".to_owned()),
        references: vec!["a0@localhost".to_owned(), "a1@localhost".to_owned()],
    }
}

fn assert_inverse(subject: &str, text: &str) {
    let sent = outgoing(subject, text);
    let entity = build(&sent, Outer::None).unwrap();
    let read = parse(&entity).unwrap();
    assert_eq!(read.subject, subject);
    assert_eq!(read.text, canonical_text(text));
    assert_eq!(
        (read.from, read.to, read.cc, read.bcc),
        (sent.from, sent.to, sent.cc, sent.bcc)
    );
    assert_eq!(read.date_s, Some(sent.date_s));
    assert_eq!(read.message_id, sent.message_id);
    assert_eq!(read.in_reply_to, sent.in_reply_to);
    assert_eq!(read.references, sent.references);
    assert_eq!(read.protection, HeaderProtection::Cipher);
    assert!(
        entity
            .split(|byte| *byte == b'\n')
            .all(|line| line.len() <= 998),
        "RFC 5322, section 2.1.1"
    );
}

#[test]
fn hard_texts_come_back() {
    let long = "x".repeat(100_000);
    let words = "ünïcödé wörds ".repeat(500);
    for text in [
        "",
        "\n",
        "a",
        "a\n",
        "a\n\n",
        ".",
        "..\n.\n",
        "From here\nFrom there",
        " lead",
        "trail ",
        "trail \nx",
        "tab\t",
        "=3D=\n=",
        "--boundary\n--",
        "-- \nsignature",
        "\u{feff}bom",
        "\u{2028}\u{85}\u{a0}",
        "👩‍👩‍👧 e\u{301}",
        "\r\n\r\n",
        &long,
        &words,
    ] {
        assert_inverse("hard", text);
    }
}

#[test]
fn hard_subjects_come_back() {
    let long = "a b ".repeat(300);
    for subject in [
        "",
        " ",
        "  two  spaces  ",
        " lead",
        "trail ",
        "=?utf-8?Q?no?=",
        "=?utf-8?B?",
        "Ünïcödé",
        "a: b; c, \"d\" <e@f>",
        "日本語の件名は長いので折り返される必要がありますが、それでも戻ってくる",
        long.trim_end(),
        "👩‍👩‍👧",
        "?",
        "_",
        "a=b",
    ] {
        assert_inverse(subject, "text");
    }
}

#[test]
fn bcc_is_there_only_when_given() {
    let mut sent = outgoing("s", "t");
    assert!(
        !String::from_utf8(build(&sent, Outer::None).unwrap())
            .unwrap()
            .contains("Bcc")
    );
    sent.bcc = vec![person("", "eve@localhost")];
    assert_eq!(
        parse(&build(&sent, Outer::None).unwrap()).unwrap().bcc,
        sent.bcc
    );
}

#[test]
fn addresses_and_ids_cannot_add_fields() {
    let mut sent = outgoing("s", "t");
    sent.to = vec![person(
        "x\r\nBcc: eve@localhost",
        "bob@localhost>\r\nBcc: eve@localhost",
    )];
    sent.references = vec!["a@b>\r\nBcc: <eve@localhost".to_owned()];
    sent.in_reply_to = Some("\r\nBcc: eve@localhost".to_owned());
    let entity = String::from_utf8(build(&sent, Outer::None).unwrap()).unwrap();
    assert!(
        !entity.lines().any(|line| line.starts_with("Bcc")),
        "{entity}"
    );
}

#[test]
fn pgp_mime_gives_back_the_ciphertext_and_tells_no_subject() {
    let sent = outgoing("secret subject", "secret text");
    let ciphertext: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    let message = wrap(&ciphertext, &sent, "b0unda7y");
    let text = String::from_utf8(message.clone()).unwrap();
    assert!(!text.contains("secret") && text.contains("Subject: [...]"));
    let unwrapped = unwrap(&message).unwrap().unwrap();
    let armor = String::from_utf8(unwrapped.ciphertext).unwrap();
    assert!(
        armor.starts_with("-----BEGIN PGP MESSAGE-----\r\n\r\nAAECAwQF"),
        "{armor}"
    );
    assert!(armor.trim_end().ends_with("-----END PGP MESSAGE-----"));
    assert_eq!(unwrapped.outer.from, sent.from);
}

#[test]
fn an_outer_message_is_told_of_inside() {
    let entity = String::from_utf8(build(&outgoing("s", "t"), Outer::Message).unwrap()).unwrap();
    assert!(
        entity.contains("HP-Outer: Subject: [...]\r\n")
            && entity.contains("HP-Outer: From: <alice@localhost>\r\n")
    );
}

#[test]
fn what_is_not_pgp_mime_is_not_unwrapped() {
    for message in [
        "Subject: a\r\n\r\nb",
        "Content-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\n\r\nVersion: 1\r\n--b--\r\n",
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n",
    ] {
        assert_eq!(unwrap(message.as_bytes()), Ok(None), "{message}");
    }
}

proptest! {
    #[test]
    fn build_then_parse_gives_back_what_was_typed(subject in "[ -~äöü€語👍]{0,120}", text in any::<String>()) {
        let subject: String = subject.chars().filter(|c| !super::display::is_hidden(*c)).collect();
        assert_inverse(&subject, &text);
    }

    #[test]
    fn ascii_text_comes_back(text in "[ -~\t\n=.]{0,400}") {
        assert_inverse("s", &text);
    }

    #[test]
    fn names_come_back(name in "[a-zA-Zäöü語][a-zA-Z .,;:'\"()<>äöü語\\\\]{0,38}[a-zäöü語]") {
        let expected = super::neutral_text(&name);
        prop_assume!(expected == name);
        let mut sent = outgoing("s", "t");
        sent.to = vec![person(&name, "bob@localhost")];
        prop_assert_eq!(parse(&build(&sent, Outer::None).unwrap()).unwrap().to, sent.to);
    }

    #[test]
    fn parsing_anything_ends(message in proptest::collection::vec(any::<u8>(), 0..2_000)) {
        if let Ok(read) = parse(&message) {
            prop_assert!(!read.subject.contains(['\r', '\n']));
        }
    }

    #[test]
    fn html_of_any_kind_ends(html in "[<>/a-z&;#!\\- \n]{0,300}") {
        prop_assert!(super::html_to_text(&html).len() <= 2 * html.len() + 2);
    }
}

#[test]
fn a_megabyte_of_subject_is_sent_and_shown_cut() {
    let entity = build(&outgoing(&"ü".repeat(512 * 1024), "t"), Outer::None).unwrap();
    assert!(parse(&entity).unwrap().subject.ends_with('…'));
    let refused = build(&outgoing(&"ü".repeat(4 * 1024 * 1024), "t"), Outer::None).unwrap_err();
    assert_eq!(refused.code(), "message-header-too-large");
}

#[test]
fn an_address_that_could_be_taken_for_another_is_left_out() {
    let entity =
        b"From: \"alice@localhost<mallory@localhost>\" (Alice)\r\nTo: bob@localhost\r\n\r\nt";
    let read = parse(entity).unwrap();
    assert_eq!(read.from.address, "");
    assert!(read.notes.contains(&Note::OddAddress), "{read:?}");
    assert_eq!(read.to[0].address, "bob@localhost");
}

#[test]
fn fields_repeated_in_the_text_for_old_readers_are_left_out() {
    let entity = |marker: &str| {
        format!(
            "From: alice@localhost\r\nSubject: Dinner\r\nContent-Type: text/plain; hp=\"cipher\"{marker}\r\n\r\n\
             Subject: Dinner\r\n\r\nAt eight.\r\n"
        )
    };
    let marked = parse(entity("; hp-legacy-display=\"1\"").as_bytes()).unwrap();
    assert_eq!(marked.text.trim_end(), "At eight.");
    let unmarked = parse(entity("").as_bytes()).unwrap();
    assert_eq!(unmarked.text.trim_end(), "Subject: Dinner\n\nAt eight.");
}

#[test]
fn a_broken_transfer_encoding_is_noted() {
    let entity = b"From: alice@localhost\r\nContent-Type: text/plain\r\n\
        Content-Transfer-Encoding: base64\r\n\r\n!!! this is no base64 !!!\r\n";
    let read = parse(entity).unwrap();
    assert!(read.notes.contains(&Note::BrokenEncoding), "{read:?}");
}

#[test]
fn of_a_repeated_field_the_last_is_shown() {
    let entity = b"From: alice@localhost\r\nSubject: one\r\nSubject: two\r\n\r\nt";
    let read = parse(entity).unwrap();
    assert_eq!(read.subject, "two");
    assert!(read.notes.contains(&Note::RepeatedField));
}
