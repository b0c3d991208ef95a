//! Where in a message a word stands.

/// A part of a message that is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(u8)]
pub(crate) enum Field {
    /// From and Reply-To.
    From = 1,
    /// To, Cc and Bcc.
    To = 2,
    /// The subject.
    Subject = 4,
    /// The text.
    Body = 8,
    /// Names of attached files.
    File = 16,
}

/// All fields, in the order of their bits.
pub(crate) const FIELDS: [Field; 5] = [
    Field::From,
    Field::To,
    Field::Subject,
    Field::Body,
    Field::File,
];

/// A set of fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FieldSet(u8);

impl FieldSet {
    pub(crate) const ALL: Self = Self(31);
    pub(crate) const BODY: Self = Self::of(Field::Body);

    pub(crate) const fn of(field: Field) -> Self {
        Self(field as u8)
    }

    /// The set that this byte stands for; bits of no field are left out.
    pub(crate) const fn from_bits(bits: u8) -> Self {
        Self(bits & Self::ALL.0)
    }

    pub(crate) const fn bits(self) -> u8 {
        self.0
    }

    pub(crate) const fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }
}

/// What of a message is searched.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct MessageFields {
    /// Display names and addresses.
    pub(crate) from: String,
    /// Display names and addresses.
    pub(crate) to: String,
    pub(crate) subject: String,
    pub(crate) body: String,
    /// File names, a line each.
    pub(crate) files: String,
}

impl MessageFields {
    pub(crate) fn text(&self, field: Field) -> &str {
        match field {
            Field::From => &self.from,
            Field::To => &self.to,
            Field::Subject => &self.subject,
            Field::Body => &self.body,
            Field::File => &self.files,
        }
    }
}
