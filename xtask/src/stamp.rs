//! Stamps: a file in target/ that holds the hash of what a result was made from, so that it is not made twice.

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// The inputs of a result, hashed as they are added: order matters, and names count as well as contents.
#[derive(Debug, Default)]
pub(crate) struct Inputs(Sha256);

impl Inputs {
    /// Adds a text, such as a version or a flag.
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.field(text.as_bytes());
        self
    }

    /// Adds a file, or a folder with all that is in it; what is not there counts as such.
    ///
    /// # Errors
    /// When a file cannot be read.
    pub(crate) fn path(&mut self, path: &Path) -> Result<&mut Self> {
        for file in files_below(path)? {
            self.field(file.to_string_lossy().as_bytes());
            self.field(&fs::read(&file).with_context(|| format!("reading {}", file.display()))?);
        }
        Ok(self)
    }

    fn field(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    fn hash(&self) -> String {
        self.0
            .clone()
            .finalize()
            .iter()
            .fold(String::new(), |mut text, byte| {
                let _ = write!(text, "{byte:02x}"); // writing to a String does not fail
                text
            })
    }
}

/// A stamp file and the hash that it should hold.
#[derive(Debug)]
pub(crate) struct Stamp {
    file: PathBuf,
    hash: String,
}

impl Stamp {
    /// The stamp at `file` for these inputs.
    pub(crate) fn new(file: PathBuf, inputs: &Inputs) -> Self {
        Self {
            file,
            hash: inputs.hash(),
        }
    }

    /// Whether the result was made from these inputs and all of `results` are still there.
    pub(crate) fn is_current(&self, results: &[PathBuf]) -> bool {
        fs::read_to_string(&self.file).is_ok_and(|hash| hash == self.hash)
            && results.iter().all(|path| path.exists())
    }

    /// Keeps that the result has been made from these inputs.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(crate) fn keep(&self) -> Result<()> {
        if let Some(folder) = self.file.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&self.file, &self.hash)
            .with_context(|| format!("writing {}", self.file.display()))
    }
}

/// Every file at or below a path, in one order everywhere; folders of installed packages are left out.
fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(if path.is_file() {
            vec![path.to_owned()]
        } else {
            Vec::new()
        });
    }
    let mut entries = fs::read_dir(path)?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    entries.retain(|entry| entry.file_name().is_some_and(|name| name != "node_modules"));
    entries.sort();
    let mut files = Vec::new();
    for entry in entries {
        files.extend(files_below(&entry)?);
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(folder: &Path) -> Stamp {
        let mut inputs = Inputs::default();
        inputs.path(&folder.join("in")).unwrap();
        Stamp::new(folder.join("stamp"), &inputs)
    }

    #[test]
    fn a_result_is_current_until_an_input_changes() {
        let folder = tempfile::tempdir().unwrap();
        let result = [folder.path().join("result")];
        fs::create_dir(folder.path().join("in")).unwrap();
        fs::write(folder.path().join("in/a"), "1").unwrap();
        fs::write(&result[0], "").unwrap();

        assert!(!stamp(folder.path()).is_current(&result));
        stamp(folder.path()).keep().unwrap();
        assert!(stamp(folder.path()).is_current(&result));

        fs::rename(folder.path().join("in/a"), folder.path().join("in/b")).unwrap();
        assert!(!stamp(folder.path()).is_current(&result), "a renamed input");
        fs::rename(folder.path().join("in/b"), folder.path().join("in/a")).unwrap();
        fs::remove_file(&result[0]).unwrap();
        assert!(
            !stamp(folder.path()).is_current(&result),
            "a result that is gone"
        );
    }

    #[test]
    fn installed_packages_are_no_input() {
        let folder = tempfile::tempdir().unwrap();
        let before = stamp(folder.path()).hash;
        fs::create_dir_all(folder.path().join("in/node_modules/x")).unwrap();
        fs::write(folder.path().join("in/node_modules/x/y"), "1").unwrap();
        assert_eq!(stamp(folder.path()).hash, before);
    }
}
