//! Argon2id: the RFC 9106 vector, and one without the parts that are not used here.

use argon2::{Algorithm, Argon2, AssociatedData, ParamsBuilder, Version};
use hex_literal::hex;
use smail_crypto_core::{Argon2idCost, argon2id};

const PASSWORD: [u8; 32] = [1; 32];
const SALT: [u8; 16] = [2; 16];
const COST: Argon2idCost = Argon2idCost {
    memory_kib: 32,
    iterations: 3,
    parallelism: 4,
};

/// RFC 9106, section 5.3. Its secret and associated data have no place in this crate's own function, so the vector is run
/// on the crate underneath, with the algorithm and version that are used here.
#[test]
fn the_rfc_s_own() {
    let params = ParamsBuilder::new()
        .m_cost(COST.memory_kib)
        .t_cost(COST.iterations)
        .p_cost(COST.parallelism)
        .data(AssociatedData::new(&[4; 12]).unwrap())
        .build()
        .unwrap();
    let mut tag = [0; 32];
    Argon2::new_with_secret(&[3; 8], Algorithm::Argon2id, Version::V0x13, params)
        .unwrap()
        .hash_password_into(&PASSWORD, &SALT, &mut tag)
        .unwrap();
    assert_eq!(
        tag,
        hex!("0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659")
    );
}

/// The same without secret and associated data, as OpenSSL and the reference implementation have it.
#[test]
fn the_same_with_password_and_salt_alone() {
    let tag = argon2id(&PASSWORD, &SALT, 32, COST).unwrap();
    assert_eq!(
        tag.as_slice(),
        hex!("03aab965c12001c9d7d0d2de33192c0494b684bb148196d73c1df1acaf6d0c2e")
    );
}
