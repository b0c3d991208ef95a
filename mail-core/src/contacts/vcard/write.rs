//! Writing cards: vCard 4.0 (RFC 6350), one for each contact.

use crate::views::{Contact, ContactGroup};

/// Longest line, in octets, before it is folded (RFC 6350, section 3.2).
const LINE_BYTES: usize = 75;

/// The contacts as a file. Groups are told as categories.
pub(in crate::contacts) fn write(contacts: &[Contact], groups: &[ContactGroup]) -> String {
    let mut file = String::new();
    for contact in contacts {
        let of = groups.iter().filter(|it| it.members.contains(&contact.id));
        let categories: Vec<String> = of.map(|group| escape(&group.name)).collect();
        card(&mut file, contact, &categories);
    }
    file
}

fn card(file: &mut String, contact: &Contact, categories: &[String]) {
    line(file, "BEGIN:VCARD");
    line(file, "VERSION:4.0");
    line(file, &format!("UID;VALUE=text:{}", contact.id));
    let first = contact.addresses.first();
    let name = if contact.name.is_empty() {
        first.unwrap_or(&contact.name)
    } else {
        &contact.name
    };
    // A card must have one (RFC 6350, section 6.2.1).
    line(file, &format!("FN:{}", escape(name)));
    for address in &contact.addresses {
        line(file, &format!("EMAIL:{}", escape(address)));
    }
    for phone in &contact.phones {
        line(file, &format!("TEL:{}", escape(phone)));
    }
    if !contact.organisation.is_empty() {
        line(file, &format!("ORG:{}", escape(&contact.organisation)));
    }
    if !contact.note.is_empty() {
        line(file, &format!("NOTE:{}", escape(&contact.note)));
    }
    if !categories.is_empty() {
        line(file, &format!("CATEGORIES:{}", categories.join(",")));
    }
    line(file, "END:VCARD");
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => escaped.push_str("\\n"),
            '\r' => {}
            '\\' | ',' | ';' => {
                escaped.push('\\');
                escaped.push(character);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

/// Appends a line, folded between characters.
fn line(file: &mut String, text: &str) {
    let mut room = LINE_BYTES;
    for character in text.chars() {
        if character.len_utf8() > room {
            file.push_str("\r\n ");
            room = LINE_BYTES - 1;
        }
        room -= character.len_utf8();
        file.push(character);
    }
    file.push_str("\r\n");
}
