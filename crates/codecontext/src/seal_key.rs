//! What opens a sealed project: a passphrase, a key file or the desktop's keyring.

use std::fs::{self, OpenOptions};
use std::io::{self, BufRead, IsTerminal, Write};
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use clap::Args;
use ctx_engine::ErrorKind;
use ctx_server::wire::v1::seal::SealRequest;

use crate::exit::Failure;

/// The environment variable that may hold a passphrase.
pub(crate) const PASSPHRASE_VARIABLE: &str = "CODECONTEXT_PASSPHRASE";

/// Under which name keys are kept in the desktop's keyring.
#[cfg(feature = "os-keyring")]
const KEYRING_SERVICE: &str = "codecontext";

/// Where the secret comes from; without a flag it is a passphrase, from
/// CODECONTEXT_PASSPHRASE or asked for.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct KeySource {
    /// A file that holds the key; `seal` makes it if it is not there
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
    /// Keep the key in the desktop's keyring
    #[arg(long)]
    keyring: bool,
}

/// Whether a key may be made, or must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Sealing: a key that is not there yet is made.
    MayMake,
    /// Opening: it must be there.
    MustExist,
}

impl KeySource {
    /// Reads the secret for the project at `root`.
    pub(crate) fn secret(&self, root: &Path, need: Need) -> Result<SealRequest, Failure> {
        if let Some(file) = &self.key_file {
            let key = key_in_file(file, need)?;
            return Ok(SealRequest { key: Some(key), passphrase: None });
        }
        if self.keyring {
            let key = keyring_key(root, need)?;
            return Ok(SealRequest { key: Some(key), passphrase: None });
        }
        let passphrase = match std::env::var(PASSPHRASE_VARIABLE) {
            Ok(passphrase) => passphrase,
            Err(_) => asked_for(need)?,
        };
        Ok(SealRequest { passphrase: Some(passphrase), key: None })
    }
}

fn key_in_file(file: &Path, need: Need) -> Result<String, Failure> {
    let shown = file.display();
    let unusable = |error: io::Error| {
        Failure::unusable(format!("the key file `{shown}` cannot be used")).because(error)
    };
    match fs::metadata(file) {
        Ok(found) if found.mode() & 0o077 != 0 => {
            Err(Failure::new(ErrorKind::Denied, format!("others may read the key file `{shown}`"))
                .hint(format!("chmod 600 {shown}")))
        }
        Ok(found) if found.len() > 4096 => {
            Err(Failure::unusable(format!("`{shown}` is too large for a key file")))
        }
        Ok(_) => {
            let bytes = fs::read(file).map_err(unusable)?;
            // Its content must not get into a message.
            key_text(&bytes).ok_or_else(|| {
                Failure::unusable(format!("`{shown}` holds no key"))
                    .hint("a key is 64 hexadecimal digits or 32 bytes")
            })
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound && need == Need::MayMake => {
            let key = new_key()?;
            let mut made = OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(file)
                .map_err(unusable)?;
            writeln!(made, "{key}").and_then(|()| made.sync_all()).map_err(unusable)?;
            Ok(key)
        }
        Err(error) => Err(unusable(error)),
    }
}

fn key_text(bytes: &[u8]) -> Option<String> {
    if bytes.len() == 32 {
        return Some(hex(bytes));
    }
    let text = std::str::from_utf8(bytes).ok()?.trim();
    let is_key = text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_key.then(|| text.to_lowercase())
}

fn new_key() -> Result<String, Failure> {
    let mut key = [0u8; 32];
    getrandom::fill(&mut key)
        .map_err(|error| Failure::unusable("the system gives no random numbers").because(error))?;
    Ok(hex(&key))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(feature = "os-keyring")]
fn keyring_key(root: &Path, need: Need) -> Result<String, Failure> {
    let unusable = |error: keyring::Error| {
        Failure::unusable("the desktop's keyring cannot be used")
            .because(error)
            .hint("use a passphrase, or --key-file")
    };
    let entry = keyring::Entry::new(KEYRING_SERVICE, &root.to_string_lossy()).map_err(unusable)?;
    match entry.get_password() {
        Ok(key) => Ok(key),
        Err(keyring::Error::NoEntry) if need == Need::MayMake => {
            let key = new_key()?;
            entry.set_password(&key).map_err(unusable)?;
            Ok(key)
        }
        Err(error) => Err(unusable(error)),
    }
}

#[cfg(not(feature = "os-keyring"))]
fn keyring_key(_root: &Path, _need: Need) -> Result<String, Failure> {
    Err(Failure::new(ErrorKind::Unavailable, "the desktop's keyring is not built in")
        .hint("use a passphrase or --key-file, or build with `--features os-keyring`"))
}

/// Forgets every key of ours in the desktop's keyring; says how many there were.
#[cfg(feature = "os-keyring")]
pub(crate) fn forget_keyring_keys() -> Result<u64, Failure> {
    let unusable = |error: &dyn std::fmt::Display| {
        Failure::unusable("the desktop's keyring cannot be used")
            .because(error)
            .hint("remove its entries of the service `codecontext` by hand")
    };
    keyring::Entry::store_status().as_ref().map_err(|error| unusable(error))?;
    // Locked projects do not tell their roots, so all entries are looked for.
    let ours = std::collections::HashMap::from([("service", KEYRING_SERVICE)]);
    let found = keyring_core::Entry::search(&ours).map_err(|error| unusable(&error))?;
    for entry in &found {
        entry.delete_credential().map_err(|error| unusable(&error))?;
    }
    Ok(found.len() as u64)
}

/// Without a keyring there is no key of ours in it.
#[cfg(not(feature = "os-keyring"))]
pub(crate) fn forget_keyring_keys() -> Result<u64, Failure> {
    Ok(0)
}

/// Asks at the terminal, without showing what is typed.
fn asked_for(need: Need) -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        return Err(Failure::usage("no passphrase was given")
            .hint(format!("set {PASSPHRASE_VARIABLE}, or use --key-file")));
    }
    let passphrase = typed("Passphrase: ")?;
    if need == Need::MayMake && typed("The same again: ")? != passphrase {
        return Err(Failure::usage("the two passphrases differ"));
    }
    Ok(passphrase)
}

fn typed(prompt: &str) -> Result<String, Failure> {
    use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
    let failed =
        |error: io::Error| Failure::unusable("could not ask for the passphrase").because(error);
    let mut errors = io::stderr().lock();
    write!(errors, "{prompt}").and_then(|()| errors.flush()).map_err(failed)?;
    let terminal = io::stdin();
    let shown = tcgetattr(&terminal).map_err(|error| failed(error.into()))?;
    let mut hidden = shown.clone();
    hidden.local_modes.remove(LocalModes::ECHO);
    tcsetattr(&terminal, OptionalActions::Flush, &hidden).map_err(|error| failed(error.into()))?;
    let mut line = String::new();
    let read = terminal.lock().read_line(&mut line);
    let restored = tcsetattr(&terminal, OptionalActions::Flush, &shown);
    let _ = writeln!(errors);
    restored.map_err(|error| failed(error.into()))?;
    read.map_err(failed)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;

    #[test]
    fn a_key_file_is_made_once_for_us_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("key");
        assert!(key_in_file(&file, Need::MustExist).is_err());
        let key = key_in_file(&file, Need::MayMake).unwrap();
        assert_eq!(key.len(), 64);
        assert_eq!(key_in_file(&file, Need::MustExist).unwrap(), key);
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(key_in_file(&file, Need::MustExist).is_err());
    }

    #[test]
    fn keys_are_bytes_or_digits() {
        assert_eq!(key_text(&[0xab; 32]), Some("ab".repeat(32)));
        assert_eq!(key_text(format!("{}\n", "AB".repeat(32)).as_bytes()), Some("ab".repeat(32)));
        assert_eq!(key_text(b"secret"), None);
    }
}
