//! Readable text out of HTML. Nothing is rendered or fetched: tags go, blocks become lines, links keep their address.

use mail_parser::decoders::html::add_html_token;

/// Longest run between `&` and `;` that can be a character reference.
const MAX_REFERENCE_CHARS: usize = 12;

/// The text that a reader of this HTML would see, one line a block.
#[must_use]
pub fn html_to_text(html: &str) -> String {
    let mut writer = Writer::default();
    let mut rest = html;
    while let Some((before, tail)) = rest.split_once('<') {
        writer.words(before);
        rest = writer.markup(tail);
    }
    writer.words(rest);
    writer.finish()
}

/// Where a tag ends, which none of its attributes' values does; a quotation that does not end is none.
fn tag_end(tail: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + tail[from..].find(['>', '"', '\''])?;
        if tail[at..].starts_with('>') {
            return Some(at);
        }
        let (quote, value) = tail[at..].split_at(1);
        let is_value = tail[from..at].trim_end().ends_with('=');
        from = match value.find(quote) {
            Some(length) if is_value => at + length + 2,
            _ => at + 1,
        };
    }
}

#[derive(Default)]
struct Writer {
    text: String,
    pending_space: bool,
    preformatted: bool,
}

impl Writer {
    /// Takes what follows a `<`; gives back what follows the markup.
    fn markup<'a>(&mut self, tail: &'a str) -> &'a str {
        if let Some(comment) = tail.strip_prefix("!--") {
            return comment.split_once("-->").map_or("", |(_, after)| after);
        }
        if !tail.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            self.words("<");
            return tail;
        }
        let (tag, after) = tag_end(tail).map_or((tail, ""), |end| (&tail[..end], &tail[end + 1..]));
        let closing = tag.starts_with('/');
        let name = tag_name(tag);
        match name.as_str() {
            "script" | "style" | "head" | "template" | "noscript" if !closing => {
                return after_element(after, &name);
            }
            "pre" => self.preformatted = !closing,
            _ => {}
        }
        self.boundary(&name, closing);
        after
    }

    fn boundary(&mut self, name: &str, closing: bool) {
        match name {
            "br" => self.text.push('\n'),
            "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "table" | "ul"
            | "ol" | "pre" => {
                self.new_line();
                self.text.push('\n');
            }
            "li" if !closing => {
                self.new_line();
                self.text.push_str("- ");
            }
            "div" | "tr" | "section" | "article" | "header" | "footer" | "hr" | "li" | "dt"
            | "dd" | "body" | "html" => {
                self.new_line();
            }
            "td" | "th" if closing => self.text.push('\t'),
            _ => return,
        }
        self.pending_space = false;
    }

    fn new_line(&mut self) {
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    fn words(&mut self, raw: &str) {
        let decoded = decode_references(raw);
        if self.preformatted {
            self.text.push_str(&decoded);
            return;
        }
        for character in decoded.chars() {
            if matches!(character, ' ' | '\t' | '\n' | '\r') {
                self.pending_space = true;
                continue;
            }
            if std::mem::take(&mut self.pending_space)
                && !self.text.ends_with(['\n', '\t', ' '])
                && !self.text.is_empty()
            {
                self.text.push(' ');
            }
            self.text.push(character);
        }
    }

    /// The text with at most one empty line in a row and no white space at line ends.
    fn finish(self) -> String {
        let mut lines: Vec<&str> = Vec::new();
        for line in self.text.lines().map(str::trim_end) {
            if !(line.is_empty() && lines.last().is_none_or(|last| last.is_empty())) {
                lines.push(line);
            }
        }
        lines.join("\n").trim_end().to_owned()
    }
}

fn tag_name(tag: &str) -> String {
    let name = tag.trim_start_matches('/');
    name.chars()
        .take_while(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase()
}

/// What follows the end tag of an element whose content is not text for a reader.
fn after_element<'a>(rest: &'a str, name: &str) -> &'a str {
    let mut tail = rest;
    while let Some((_, after)) = tail.split_once("</") {
        if after
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name))
        {
            return after.split_once('>').map_or("", |(_, rest)| rest);
        }
        tail = after;
    }
    ""
}

fn decode_references(raw: &str) -> String {
    let mut decoded = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((before, tail)) = rest.split_once('&') {
        decoded.push_str(before);
        let end = tail
            .char_indices()
            .take(MAX_REFERENCE_CHARS)
            .find(|(_, c)| *c == ';')
            .map(|(at, _)| at);
        match end.and_then(|end| tail.split_at_checked(end)) {
            Some((name, after)) => {
                add_html_token(&mut decoded, format!("&{name};").as_bytes(), false);
                rest = after.strip_prefix(';').unwrap_or(after);
            }
            None => {
                decoded.push('&');
                rest = tail;
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_lines_and_hidden_things_go() {
        let html = "<html><head><title>t</title><style>p{}</style></head><body><p>Hello &amp; <b>good\n day</b></p>\
                    <script>alert('<p>no</p>')</script><ul><li>one<li>two</ul><div>end&nbsp;&#8364;</div><!-- x --></body>";
        assert_eq!(
            html_to_text(html),
            "Hello & good day\n\n- one\n- two\n\nend\u{a0}€"
        );
    }

    #[test]
    fn what_is_no_markup_stays() {
        assert_eq!(
            html_to_text("1 < 2 & 3 &bogus; <br>x <"),
            "1 < 2 & 3 &bogus;\nx <"
        );
    }

    #[test]
    fn what_stands_in_the_value_of_an_attribute_does_not_end_a_tag() {
        for html in [
            "<iframe srcdoc=\"<script>alert(7)</script>\"></iframe>text",
            "<a href = 'data:text/html,<b>'>text</a>",
            "<p it's>text",
            "<p title=\">text",
        ] {
            assert_eq!(html_to_text(html), "text", "{html}");
        }
    }

    #[test]
    fn markup_without_end_ends() {
        for html in [
            "<script>",
            "<!--",
            "<p",
            "&",
            "&#x110000;",
            "<pre>a  b",
            "</style",
        ] {
            assert!(html_to_text(html).len() < 10);
        }
    }
}
