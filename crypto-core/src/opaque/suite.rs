//! The OPAQUE suite, and the key stretching function with parameters known only at run time.

use crate::identity::Identity;
use crate::ksf::KsfParameters;
use crate::secret::ExportKey;
use argon2::{Algorithm, Argon2, Params, Version};
use opaque_ke::generic_array::{ArrayLength, GenericArray};
use opaque_ke::{
    CipherSuite, Identifiers, Ristretto255, TripleDh, errors::InternalError, ksf::Ksf,
};
use sha2::Sha512;
use std::convert::Infallible;

/// OPAQUE's context string: both sides name the application and its protocol version (RFC 9807, section 6.4).
pub const CONTEXT: &[u8] = b"s-mail/v1/opaque";

const SALT: [u8; 16] = [0; 16];

pub(crate) struct Suite;

impl CipherSuite for Suite {
    type OprfCs = Ristretto255;
    type KeyExchange = TripleDh<Ristretto255, Sha512>;
    type Ksf = Argon2id;
}

/// Argon2id as a key stretching function.
#[derive(Default)]
pub(crate) struct Argon2id(KsfParameters);

impl Argon2id {
    pub(crate) const fn new(parameters: KsfParameters) -> Self {
        Self(parameters)
    }
}

impl Ksf for Argon2id {
    fn hash<L: ArrayLength<u8>>(
        &self,
        input: GenericArray<u8, L>,
    ) -> Result<GenericArray<u8, L>, InternalError> {
        let mut output = GenericArray::default();
        stretch(&input, self.0, &mut output).map_err(|_| InternalError::KsfError)?;
        Ok(output)
    }
}

fn stretch(input: &[u8], parameters: KsfParameters, output: &mut [u8]) -> argon2::Result<()> {
    let params = Params::new(
        parameters.memory_kib(),
        parameters.iterations(),
        parameters.parallelism(),
        Some(output.len()),
    )?;
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(input, &SALT, output)
}

/// An identity in the form OPAQUE takes.
pub(crate) struct Names {
    client: String,
    server: String,
}

impl Names {
    pub(crate) fn of(identity: &Identity<'_>) -> Self {
        Self {
            client: identity.address(),
            server: identity.domain.to_owned(),
        }
    }

    pub(crate) fn identifiers(&self) -> Identifiers<'_> {
        Identifiers {
            client: Some(self.client.as_bytes()),
            server: Some(self.server.as_bytes()),
        }
    }
}

pub(crate) fn export_key(bytes: &[u8; ExportKey::LEN_BYTES]) -> ExportKey {
    let built = ExportKey::build(|key| {
        key.copy_from_slice(bytes);
        Ok::<(), Infallible>(())
    });
    match built {
        Ok(key) => key,
        Err(impossible) => match impossible {},
    }
}
