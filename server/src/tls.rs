//! TLS by rustls: certificate chain and private key from PEM files.

use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls_pki_types::pem::{Error as PemError, PemObject as _};
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Why TLS cannot be spoken with these files.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TlsError {
    /// A file cannot be read, or is not PEM.
    #[error("{} cannot be read as PEM: {fault}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        fault: String,
    },
    /// The certificate file holds no certificate.
    #[error("{} holds no certificate; it is to be the chain in PEM, the server's own first", path.display())]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// The key file holds no private key.
    #[error("{} holds no private key in PEM", path.display())]
    NoPrivateKey {
        /// The file.
        path: PathBuf,
    },
    /// The two do not belong together, or are of a kind that is not supported.
    #[error("certificate and private key cannot be used together: {0}")]
    Unusable(#[from] rustls::Error),
}

/// Reads what TLS needs.
///
/// # Errors
/// See [`TlsError`].
pub fn server_config(certificate_file: &Path, key_file: &Path) -> Result<ServerConfig, TlsError> {
    let chain = certificates(certificate_file)?;
    let key = private_key(key_file)?;
    Ok(
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(chain, key)?,
    )
}

fn certificates(path: &Path) -> Result<Vec<CertificateDer<'static>>, TlsError> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_file_iter(path).and_then(Iterator::collect);
    match chain {
        Ok(chain) if chain.is_empty() => Err(TlsError::NoCertificate {
            path: path.to_owned(),
        }),
        Ok(chain) => Ok(chain),
        Err(PemError::NoItemsFound) => Err(TlsError::NoCertificate {
            path: path.to_owned(),
        }),
        Err(fault) => Err(TlsError::Unreadable {
            path: path.to_owned(),
            fault: fault.to_string(),
        }),
    }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, TlsError> {
    PrivateKeyDer::from_pem_file(path).map_err(|fault| match fault {
        PemError::NoItemsFound => TlsError::NoPrivateKey {
            path: path.to_owned(),
        },
        fault => TlsError::Unreadable {
            path: path.to_owned(),
            fault: fault.to_string(),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bad_files_are_named() {
        let directory = tempfile::tempdir().unwrap();
        let (missing, empty) = (
            directory.path().join("missing.pem"),
            directory.path().join("empty.pem"),
        );
        std::fs::write(&empty, "").unwrap();
        let error = server_config(&missing, &empty).unwrap_err();
        assert!(
            matches!(&error, TlsError::Unreadable { path, .. } if *path == missing),
            "{error}"
        );
        assert!(matches!(
            server_config(&empty, &missing),
            Err(TlsError::NoCertificate { .. })
        ));
        assert!(matches!(
            private_key(&empty),
            Err(TlsError::NoPrivateKey { .. })
        ));
    }
}
