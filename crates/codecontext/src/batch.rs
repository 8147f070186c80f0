//! Batches: a JSON object a line in, one a line out.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use ctx_engine::ErrorKind;
use ctx_server::wire::v1::error::WireError;
use serde::de::DeserializeOwned;

use crate::exit::Failure;

/// Lines above this size, in bytes, are refused.
const LINE_BYTES_MAX: usize = 16 * 1024 * 1024;

/// The rows of a file, or of standard input for `-`. Empty lines are passed over.
pub(crate) fn rows<T: DeserializeOwned>(file: &Path) -> Result<Rows<T>, Failure> {
    let input: Box<dyn BufRead> = if file == Path::new("-") {
        Box::new(BufReader::new(io::stdin()))
    } else {
        let opened = File::open(file).map_err(|error| {
            Failure::unusable(format!("could not open `{}`", file.display())).because(error)
        })?;
        Box::new(BufReader::with_capacity(1 << 16, opened))
    };
    Ok(Rows { input, line: 0, ended: false, row: std::marker::PhantomData })
}

/// The rows of a batch, each read or refused.
pub(crate) struct Rows<T> {
    input: Box<dyn BufRead>,
    line: u64,
    ended: bool,
    row: std::marker::PhantomData<T>,
}

impl<T: DeserializeOwned> Iterator for Rows<T> {
    type Item = Result<T, WireError>;

    fn next(&mut self) -> Option<Result<T, WireError>> {
        while !self.ended {
            self.line += 1;
            let mut text = Vec::new();
            let mut limited = io::Read::take(&mut self.input, LINE_BYTES_MAX as u64 + 1);
            let refused = |line, message: String| {
                let kind = ErrorKind::UnusableProject;
                Some(Err(WireError::new(kind, format!("line {line} of the batch: {message}"))))
            };
            match limited.read_until(b'\n', &mut text) {
                Ok(0) => self.ended = true,
                Ok(_) if text.len() > LINE_BYTES_MAX => {
                    self.ended = true;
                    return refused(self.line, "longer than 16 MiB; the rest is not read".into());
                }
                Ok(_) if text.trim_ascii().is_empty() => {}
                Ok(_) => match serde_json::from_slice(&text) {
                    Ok(row) => return Some(Ok(row)),
                    Err(error) => return refused(self.line, error.to_string()),
                },
                Err(error) => {
                    self.ended = true;
                    return refused(self.line, error.to_string());
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_bad_row_stops_no_other() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"1\n\n{\n3").unwrap();
        let rows: Vec<Result<u32, WireError>> = rows(file.path()).unwrap().collect();
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[0], Ok(1));
        assert!(rows[1].as_ref().is_err_and(|error| error.message.starts_with("line 3 of")));
        assert_eq!(rows[2], Ok(3));
    }
}
