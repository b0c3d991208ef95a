//! The recovery code: what a person keeps on paper in case the password is lost.

use rand::{CryptoRng, RngCore};
use sha2::{Digest as _, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// Digits and upper-case letters without I, L, O and U (Crockford's base 32): five bits a symbol.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Random symbols: 130 bits.
const SECRET_SYMBOLS: usize = 26;
/// Symbols that find typos: one wrong code in a million passes.
const CHECK_SYMBOLS: usize = 4;
const GROUP_SYMBOLS: usize = 5;
const CHECK_LABEL: &[u8] = b"s-mail/v1/recovery-code/check";

/// 130 random bits, written as six groups of five symbols such as `7Q2MD-...`. The last four symbols are a checksum.
/// Wiped when dropped.
pub struct RecoveryCode(Zeroizing<[u8; SECRET_SYMBOLS]>);

/// A text that is not a recovery code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RecoveryCodeError {
    /// Too few or too many symbols.
    #[error("a recovery code has 30 letters and digits; this has {symbols}")]
    WrongLength {
        /// Symbols found.
        symbols: usize,
    },
    /// Holds a character that no recovery code has.
    #[error("a recovery code has letters and digits only")]
    ForeignCharacter,
    /// The checksum does not fit: something is mistyped.
    #[error("this recovery code has a typing mistake in it")]
    Mistyped,
}

impl RecoveryCodeError {
    /// Stable name of the fault.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::WrongLength { .. } => "recovery-code-wrong-length",
            Self::ForeignCharacter => "recovery-code-foreign-character",
            Self::Mistyped => "recovery-code-mistyped",
        }
    }
}

impl RecoveryCode {
    /// Makes a code.
    #[must_use]
    pub fn generate<R: RngCore + CryptoRng>(rng: &mut R) -> Self {
        let mut symbols = Zeroizing::new([0; SECRET_SYMBOLS]);
        rng.fill_bytes(symbols.as_mut_slice());
        for symbol in symbols.iter_mut() {
            *symbol = symbol_of(*symbol);
        }
        Self(symbols)
    }

    /// Reads a code as a person types it: in upper or lower case, with or without separators, O for 0, I or L for 1.
    ///
    /// # Errors
    /// [`RecoveryCodeError`].
    pub fn parse(text: &str) -> Result<Self, RecoveryCodeError> {
        let symbols = typed_symbols(text)?;
        let wrong_length = RecoveryCodeError::WrongLength {
            symbols: symbols.len(),
        };
        let (secret, check) = symbols
            .split_at_checked(SECRET_SYMBOLS)
            .ok_or(wrong_length)?;
        if check.len() != CHECK_SYMBOLS {
            return Err(wrong_length);
        }
        let mut code = Self(Zeroizing::new([0; SECRET_SYMBOLS]));
        code.0.copy_from_slice(secret);
        if code.check_symbols() != check {
            return Err(RecoveryCodeError::Mistyped);
        }
        Ok(code)
    }

    /// The code as it is shown to its owner, in groups. Whoever reads it can open the account.
    #[must_use]
    pub fn expose_text(&self) -> Zeroizing<String> {
        let check = self.check_symbols();
        let mut text = Zeroizing::new(String::with_capacity(40));
        for (place, symbol) in self.0.iter().chain(&check).enumerate() {
            if place > 0 && place % GROUP_SYMBOLS == 0 {
                text.push('-');
            }
            text.push(char::from(*symbol));
        }
        text
    }

    /// The secret itself: the random symbols, without checksum. Each call says why it is needed.
    pub(crate) fn expose(&self) -> &[u8] {
        self.0.as_slice()
    }

    fn check_symbols(&self) -> [u8; CHECK_SYMBOLS] {
        let digest = Sha256::new()
            .chain_update(CHECK_LABEL)
            .chain_update(self.0.as_slice())
            .finalize();
        let mut check = [0; CHECK_SYMBOLS];
        for (symbol, byte) in check.iter_mut().zip(digest) {
            *symbol = symbol_of(byte);
        }
        check
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(..)")
    }
}

/// The symbol of a byte's low five bits. Looks at every symbol, so that time says nothing about which.
fn symbol_of(byte: u8) -> u8 {
    use subtle::{ConditionallySelectable as _, ConstantTimeEq as _};
    let mut symbol = 0;
    for (value, candidate) in (0_u8..).zip(ALPHABET) {
        symbol.conditional_assign(candidate, value.ct_eq(&(byte & 31)));
    }
    symbol
}

fn typed_symbols(text: &str) -> Result<Zeroizing<Vec<u8>>, RecoveryCodeError> {
    let mut symbols = Zeroizing::new(Vec::with_capacity(text.len()));
    for character in text.chars() {
        let symbol = match character.to_ascii_uppercase() {
            '-' | '\u{2010}'..='\u{2015}' => continue,
            space if space.is_whitespace() => continue,
            'O' => b'0',
            'I' | 'L' => b'1',
            other => u8::try_from(other).map_err(|_| RecoveryCodeError::ForeignCharacter)?,
        };
        if !ALPHABET.contains(&symbol) {
            return Err(RecoveryCodeError::ForeignCharacter);
        }
        symbols.push(symbol);
    }
    Ok(symbols)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rand::SeedableRng as _;
    use rand_chacha::ChaCha20Rng;

    fn code(seed: u64) -> RecoveryCode {
        RecoveryCode::generate(&mut ChaCha20Rng::seed_from_u64(seed))
    }

    #[test]
    fn debug_shows_nothing() {
        insta::assert_snapshot!(format!("{:?}", code(1)), @"RecoveryCode(..)");
    }

    #[test]
    fn the_written_form_stays_as_it_is() {
        insta::assert_snapshot!(code(1).expose_text().as_str(), @"TQ4G5-03Y6G-Q1X9B-7Y7VA-PYNB7-PVNCE");
    }

    #[test]
    fn typed_by_hand_it_is_the_same_code() {
        let code = code(2);
        let sloppy = code
            .expose_text()
            .to_lowercase()
            .replace('-', " ")
            .replace('0', "o")
            .replace('1', "l");
        // EXPOSE: compared in a test.
        assert_eq!(
            RecoveryCode::parse(&sloppy).unwrap().expose(),
            code.expose()
        );
    }

    #[test]
    fn other_texts_are_refused() {
        assert_eq!(
            RecoveryCode::parse("").unwrap_err(),
            RecoveryCodeError::WrongLength { symbols: 0 }
        );
        assert_eq!(
            RecoveryCode::parse(&"A".repeat(31)).unwrap_err(),
            RecoveryCodeError::WrongLength { symbols: 31 }
        );
        assert_eq!(
            RecoveryCode::parse("U").unwrap_err(),
            RecoveryCodeError::ForeignCharacter
        );
        assert_eq!(
            RecoveryCode::parse("\u{e4}").unwrap_err(),
            RecoveryCodeError::ForeignCharacter
        );
    }

    #[test]
    fn every_single_wrong_symbol_is_found() {
        let text = code(3).expose_text();
        for place in 0..text.len() {
            for symbol in ALPHABET.iter().map(|&symbol| char::from(symbol)) {
                let mut mistyped = text.to_string();
                if mistyped[place..].starts_with(['-', symbol]) {
                    continue;
                }
                mistyped.replace_range(place..=place, &symbol.to_string());
                assert_eq!(
                    RecoveryCode::parse(&mistyped).unwrap_err(),
                    RecoveryCodeError::Mistyped
                );
            }
        }
    }

    proptest! {
        #[test]
        fn writing_and_reading_are_inverse(seed: u64) {
            let code = code(seed);
            let read = RecoveryCode::parse(&code.expose_text()).unwrap();
            // EXPOSE: compared in a test.
            prop_assert_eq!(read.expose(), code.expose());
        }

        #[test]
        fn no_text_makes_it_panic(text: String) {
            prop_assert!(RecoveryCode::parse(&text).is_err());
        }
    }
}
