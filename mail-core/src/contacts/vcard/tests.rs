//! Cards as programs of all ages write them, cards that are broken, and cards that mean harm.

use super::{Card, CardFault, MAX_CARDS, read, write};
use crate::views::{Contact, ContactGroup};
use proptest::prelude::*;

fn cards(file: &str) -> Vec<Card> {
    read(file.as_bytes()).cards
}

#[track_caller]
fn only(file: &[u8]) -> Card {
    let [card] = <[Card; 1]>::try_from(read(file).cards).unwrap();
    card
}

#[test]
fn version_4_is_read() {
    let card = only(
        b"BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:4FBE8971\r\nFN:Simon Perreault\r\nN:Perreault;Simon;;;ing. jr,M.Sc.\r\n\
        ORG;TYPE=work:Viagenie;Research\r\nTEL;VALUE=uri;TYPE=\"work,voice\";PREF=1:tel:+1-418-656-9254\r\n\
        TEL;TYPE=home:+1 418 262\r\nEMAIL;TYPE=work:a@example.org\r\nEMAIL;PREF=1:simon@example\r\n .org\r\n\
        NOTE:one\\, two\\;\\nthree \\\\ four\r\nCATEGORIES:Friends,A\\,B\r\nPHOTO:data:image/png;base64,AAAA\r\nEND:VCARD\r\n",
    );
    assert_eq!(card.name, "Simon Perreault");
    assert_eq!(card.addresses, ["simon@example.org", "a@example.org"]);
    assert_eq!(card.phones, ["+1-418-656-9254", "+1 418 262"]);
    assert_eq!(card.organisation, "Viagenie, Research");
    assert_eq!(card.note, "one, two;\nthree \\ four");
    assert_eq!(card.categories, ["Friends", "A,B"]);
    assert_eq!((card.uid.as_str(), card.pictures), ("4fbe8971", 1));
    assert_eq!((card.line, card.fault), (1, None));
}

#[test]
fn version_3_with_groups_of_lines_is_read() {
    let card = only(
        b"begin:vcard\nversion:3.0\nn:\xc3\x84rger;Bj\xc3\xb6rn;Q.;Dr.;\nitem1.EMAIL;type=INTERNET;type=pref:bj@example.org\nitem1.X-ABLabel:_$!<Other>!$_\nend:vcard\n",
    );
    assert_eq!(card.name, "Dr. Björn Q. Ärger");
    assert_eq!(card.addresses, ["bj@example.org"]);
}

#[test]
fn version_2_1_is_read() {
    let card = only(
        b"BEGIN:VCARD\rVERSION:2.1\rN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg\rTEL;HOME;CELL:1\rTEL;PREF:2\r\
        NOTE;QUOTED-PRINTABLE;CHARSET=UTF-8:Gr=C3=BC=\r=C3=9Fe=0D=0Azwei\rEMAIL;INTERNET:j@example.org\rPHOTO;JPEG;ENCODING=BASE64:\r AAAA\r AAAA\r\r\
        AGENT:\rBEGIN:VCARD\rVERSION:2.1\rFN:Somebody else\rEND:VCARD\rEND:VCARD\r",
    );
    assert_eq!(card.name, "Jörg Müller");
    assert_eq!(card.phones, ["2", "1"]);
    assert_eq!(card.note.replace('\r', ""), "Grüße\nzwei");
    assert_eq!(card.addresses, ["j@example.org"]);
}

#[test]
fn character_sets_are_told_by_their_marks_or_by_what_they_are() {
    let text = "BEGIN:VCARD\r\nFN:Zoë\r\nEND:VCARD\r\n";
    let little: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let big: Vec<u8> = std::iter::once(0xfeff)
        .chain(text.encode_utf16())
        .flat_map(u16::to_be_bytes)
        .collect();
    for file in [
        text.as_bytes(),
        &[b"\xef\xbb\xbf", text.as_bytes()].concat(),
        &little,
        &big,
        b"BEGIN:VCARD\r\nFN:Zo\xeb\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\nFN;CHARSET=windows-1252:Zo\xeb\r\nEND:VCARD\r\n",
        b"BEGIN:VCARD\r\nFN;CHARSET=x-unheard-of:Zo\xeb\r\nEND:VCARD\r\n",
    ] {
        assert_eq!(only(file).name, "Zoë");
    }
}

/// What is broken costs itself alone.
#[test]
fn broken_cards_are_told_apart() {
    let file = "noise\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:One\r\nBEGIN:VCARD\r\nFN:Two\r\nEND:VCARD\r\n:\r\n;:x\r\nBEGIN:VCARD\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Last\r\nEMAIL:x";
    let found: Vec<(String, u32, Option<CardFault>)> = cards(file)
        .into_iter()
        .map(|card| (card.name, card.line, card.fault))
        .collect();
    let unended = Some(CardFault::Unended);
    assert_eq!(
        found,
        [
            ("One".to_owned(), 3, unended),
            ("Two".to_owned(), 5, None),
            (String::new(), 10, None),
            ("Last".to_owned(), 12, unended),
        ]
    );
}

#[test]
fn odd_lines_are_passed_over() {
    for (body, name) in [
        ("FN", ""),
        ("FN\u{0}:x", ""),
        ("FN;LANGUAGE=\"a:b;c\":Quoted", "Quoted"),
        ("FN;X=\"never closed:x", ""),
        ("FN;;;=;==:Params", "Params"),
        (".FN:No group", "No group"),
        ("a.b.FN:Deep", "Deep"),
        ("FN:\u{202e}gpj\u{200b}", "gpj"),
        ("FN:Trailing\\", "Trailing"),
        ("FN: \r\nFN:Second", "Second"),
        ("FN:One\r\nFN:Two", "One"),
        ("N:;;;;\r\nNICKNAME:Nick", "Nick"),
        ("FN;ENCODING=QUOTED-PRINTABLE:=ZZ=4", "=ZZ=4"),
        ("FN;ENCODING=QUOTED-PRINTABLE:x=", "x"),
        ("END:VCALENDAR\r\nFN:Other end", "Other end"),
    ] {
        let file = format!("BEGIN:VCARD\r\n{body}\r\nEND:VCARD\r\n");
        let found = cards(&file);
        let names: Vec<&str> = found.iter().map(|card| card.name.as_str()).collect();
        if body.starts_with("FN;ENCODING") {
            // What is no quoted-printable is kept or dropped; the card is there.
            assert_eq!(names.len(), 1, "{body}");
        } else {
            assert_eq!(names, [name], "{body}");
        }
    }
}

#[test]
fn what_means_harm_is_bounded() {
    let many = "BEGIN:VCARD\nFN:x\nEND:VCARD\n".repeat(MAX_CARDS + 7);
    let found = read(many.as_bytes());
    assert_eq!((found.cards.len(), found.beyond), (MAX_CARDS, 7));
    assert_eq!(found.beyond_line as usize, 3 * MAX_CARDS + 1);

    let long = format!(
        "BEGIN:VCARD\nFN:x\n{}END:VCARD\n",
        "EMAIL:a@b.c\n".repeat(5_000)
    );
    let card = only(long.as_bytes());
    assert_eq!(card.fault, Some(CardFault::TooLarge));
    assert!(card.addresses.len() <= super::MAX_VALUES);

    let wide = format!("BEGIN:VCARD\nFN:{}\nEND:VCARD\n", "x".repeat(5_000_000));
    assert!(only(wide.as_bytes()).name.len() <= super::MAX_LINE_BYTES);
    let folded = format!(
        "BEGIN:VCARD\nNOTE:{}\nEND:VCARD\n",
        "\n x".repeat(1_000_000)
    );
    assert!(only(folded.as_bytes()).note.len() <= super::MAX_LINE_BYTES);
    let params = format!("BEGIN:VCARD\nFN{}:x\nEND:VCARD\n", ";a".repeat(10_000));
    assert_eq!(read(params.as_bytes()).cards.len(), 1);
    let agents = "BEGIN:VCARD\nFN:x\nAGENT:\n".repeat(100_000);
    assert_eq!(cards(&agents).len(), 1);
    let begins = "BEGIN:VCARD\n".repeat(100_000);
    assert_eq!(read(begins.as_bytes()).cards.len(), MAX_CARDS);
}

fn contact() -> impl Strategy<Value = Contact> {
    (
        "[A-Za-zäöü東,;\\\\: \"]{0,60}",
        "[a-z]{1,8}@[a-z]{1,8}\\.org",
        "[+0-9 ()-]{0,20}",
        "[A-Za-z,;\\\\]{0,90}",
        "[A-Za-z,;\\\\\\n:äé]{0,200}",
    )
        .prop_map(|(name, address, phone, organisation, note)| Contact {
            id: "a0123456789f".to_owned(),
            name: crate::message::neutral_text(&name),
            addresses: vec![address],
            phones: vec![phone.trim().to_owned()]
                .into_iter()
                .filter(|it| !it.is_empty())
                .collect(),
            organisation,
            note,
        })
}

proptest! {
    /// What is written is read again, and no line is longer than it may be.
    #[test]
    fn what_is_written_is_read(contact in contact()) {
        let group = ContactGroup {
            id: "0a".to_owned(),
            name: "A, B; C".to_owned(),
            members: vec![contact.id.clone()],
        };
        let file = write(std::slice::from_ref(&contact), &[group]);
        prop_assert!(file.split("\r\n").all(|line| line.len() <= 75));
        let card = only(file.as_bytes());
        let name = if contact.name.is_empty() { &contact.addresses[0] } else { &contact.name };
        prop_assert_eq!(&card.name, name);
        prop_assert_eq!(card.addresses, contact.addresses);
        prop_assert_eq!(card.phones, contact.phones);
        prop_assert_eq!(card.organisation, contact.organisation);
        prop_assert_eq!(card.note, contact.note);
        prop_assert_eq!(card.categories, ["A, B; C"]);
    }

    /// Nothing makes reading fail.
    #[test]
    fn anything_is_read(octets in prop::collection::vec(any::<u8>(), 0..300), body in "(BEGIN:VCARD|END:VCARD|FN|N|AGENT:|[:;=\\\\\"., \\r\\n\\t]|[a-z]){0,60}") {
        read(&octets);
        let file = [b"BEGIN:VCARD\n", octets.as_slice(), body.as_bytes()].concat();
        read(&file);
    }
}
