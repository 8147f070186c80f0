//! The daemon's log: one file, and the one before it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// A log above this size, in bytes, makes room for a new one.
const LOG_BYTES_MAX: u64 = 4 * 1024 * 1024;

/// Opens a log to append to.
pub(crate) fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(path)
}

/// Sends what is traced to the log at `path`. `CODECONTEXT_LOG` says how much.
pub(crate) fn trace_to(path: &Path) -> io::Result<()> {
    let filter = EnvFilter::try_from_env("CODECONTEXT_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,tantivy=warn"));
    let file = open(path)?;
    let size = file.metadata()?.len();
    let rotating = Rotating { path: path.to_path_buf(), open: Mutex::new(Open { file, size }) };
    let subscriber = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(false)
        .with_writer(rotating)
        .finish();
    tracing::subscriber::set_global_default(subscriber).map_err(io::Error::other)
}

/// Sends what is traced to standard error, for a daemon in the foreground.
pub(crate) fn trace_to_terminal() -> io::Result<()> {
    let filter = EnvFilter::try_from_env("CODECONTEXT_LOG")
        .unwrap_or_else(|_| EnvFilter::new("info,tantivy=warn"));
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr).finish();
    tracing::subscriber::set_global_default(subscriber).map_err(io::Error::other)
}

struct Rotating {
    path: PathBuf,
    open: Mutex<Open>,
}

struct Open {
    file: File,
    size: u64,
}

impl Rotating {
    fn write_line(&self, line: &[u8]) -> io::Result<()> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.size + line.len() as u64 > LOG_BYTES_MAX {
            fs::rename(&self.path, self.path.with_extension("log.1"))?;
            let file = self::open(&self.path)?;
            // Panics are told on standard error: they belong in the new log.
            rustix::stdio::dup2_stderr(&file)?;
            rustix::stdio::dup2_stdout(&file)?;
            *open = Open { file, size: 0 };
        }
        open.size += line.len() as u64;
        open.file.write_all(line)
    }
}

impl<'a> MakeWriter<'a> for Rotating {
    type Writer = RotatingWriter<'a>;

    fn make_writer(&'a self) -> RotatingWriter<'a> {
        RotatingWriter { log: self }
    }
}

struct RotatingWriter<'a> {
    log: &'a Rotating,
}

impl Write for RotatingWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.log.write_line(bytes).map(|()| bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The last `lines` lines of a log; empty if there is none.
pub(crate) fn tail(path: &Path, lines: usize) -> String {
    read_end(path).map_or_else(
        |_| String::new(),
        |text| {
            let all: Vec<&str> = text.lines().collect();
            all[all.len().saturating_sub(lines)..].join("\n")
        },
    )
}

/// The last part of a log, of at most a mebibyte.
fn read_end(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    file.seek(SeekFrom::Start(size.saturating_sub(1 << 20)))?;
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_of_a_log_is_its_last_lines() {
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), "a\nb\nc\n").unwrap();
        assert_eq!(tail(file.path(), 2), "b\nc");
        assert_eq!(tail(Path::new("/no/such/file"), 2), "");
    }
}
