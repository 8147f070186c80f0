//! Messages, a line each, from a reader that is not trusted.

use std::io;

use ctx_server::mcp::MESSAGE_BYTES_MAX;
use tokio::io::{AsyncBufRead, AsyncBufReadExt};

/// What came in.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// A line, without its end.
    Line(Vec<u8>),
    /// A line that was too long to keep; all of it was read.
    TooLong,
}

/// Reads the next line that is not blank; none at the end.
pub(super) async fn next(reader: &mut (impl AsyncBufRead + Unpin)) -> io::Result<Option<Frame>> {
    let mut line = Vec::new();
    let mut too_long = false;
    loop {
        let chunk = reader.fill_buf().await?;
        if chunk.is_empty() {
            return Ok(match (too_long, line.trim_ascii().is_empty()) {
                (true, _) => Some(Frame::TooLong),
                (false, true) => None,
                (false, false) => Some(Frame::Line(line)),
            });
        }
        let end = chunk.iter().position(|byte| *byte == b'\n');
        let piece = &chunk[..end.unwrap_or(chunk.len())];
        if line.len() + piece.len() > MESSAGE_BYTES_MAX {
            too_long = true;
            line = Vec::new();
        } else if !too_long {
            line.extend_from_slice(piece);
        }
        let read = end.map_or(chunk.len(), |end| end + 1);
        reader.consume(read);
        if end.is_some() {
            if too_long {
                return Ok(Some(Frame::TooLong));
            }
            if !line.trim_ascii().is_empty() {
                return Ok(Some(Frame::Line(line)));
            }
            line.clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(mut text: &[u8]) -> Vec<Frame> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let mut found = Vec::new();
            while let Some(frame) = next(&mut text).await.unwrap() {
                found.push(frame);
            }
            found
        })
    }

    #[test]
    fn blank_lines_and_a_missing_last_end_do_no_harm() {
        let line = |text: &str| Frame::Line(text.into());
        assert_eq!(frames(b"\n  \r\n{}\n\n[1]"), [line("{}"), line("[1]")]);
        assert_eq!(frames(b""), []);
    }

    #[test]
    fn a_line_that_is_too_long_is_passed_over_whole() {
        let mut text = vec![b'x'; MESSAGE_BYTES_MAX + 1];
        text.extend_from_slice(b"\n{}\n");
        assert_eq!(frames(&text), [Frame::TooLong, Frame::Line(b"{}".to_vec())]);
    }
}
