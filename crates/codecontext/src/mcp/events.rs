//! Server-sent events, by the HTML standard, as far as MCP uses them: the data
//! of each is one message.

/// Collects events from pieces of a stream.
#[derive(Debug, Default)]
pub(super) struct Events {
    /// The line that has not ended yet.
    line: Vec<u8>,
    /// The event that has not ended yet.
    message: Vec<u8>,
}

impl Events {
    /// Takes a piece in; gives the messages that ended with it.
    pub(super) fn feed(&mut self, piece: &[u8]) -> Vec<Vec<u8>> {
        let mut ended = Vec::new();
        for byte in piece {
            if *byte != b'\n' {
                self.line.push(*byte);
                continue;
            }
            let line = std::mem::take(&mut self.line);
            let line = line.strip_suffix(b"\r").unwrap_or(&line);
            if line.is_empty() {
                if !self.message.is_empty() {
                    ended.push(std::mem::take(&mut self.message));
                }
            } else if let Some(text) = line.strip_prefix(b"data:") {
                // Lines of one event are one message, whose own line it may be.
                if !self.message.is_empty() {
                    self.message.push(b' ');
                }
                self.message.extend_from_slice(text.strip_prefix(b" ").unwrap_or(text));
            }
        }
        ended
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_whole_however_they_are_cut() {
        let stream =
            b": keep-alive\n\nid: 1\nretry: 3000\ndata: {\"a\":\ndata: 1}\n\ndata:{}\r\n\r\n";
        for size in 1..stream.len() {
            let mut events = Events::default();
            let messages: Vec<_> =
                stream.chunks(size).flat_map(|piece| events.feed(piece)).collect();
            assert_eq!(messages, [b"{\"a\": 1}".to_vec(), b"{}".to_vec()], "by {size}");
        }
    }
}
