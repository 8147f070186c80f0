//! Is a `key=value` part of a connection string? There, whatever stands after
//! `Password=` is one: `Server=db;User Id=app;Password=letmein;`,
//! `host=db user=app password=letmein`.

use super::run;

/// How far around a pair its neighbours are looked for, in bytes.
const AROUND: usize = 256;

/// Keys that stand beside a password, in lower case and without blanks.
const NEIGHBOURS: [&[u8]; 21] = [
    b"accountname",
    b"database",
    b"datasource",
    b"dbname",
    b"defaultendpointsprotocol",
    b"driver",
    b"endpoint",
    b"endpointsuffix",
    b"host",
    b"hostname",
    b"initialcatalog",
    b"port",
    b"provider",
    b"server",
    b"sharedaccesskeyname",
    b"sslmode",
    b"uid",
    b"user",
    b"userid",
    b"username",
    b"usr",
];

/// What separates the pairs of the connection string that the pair from `start`
/// to `end` is part of; none if it is part of none.
pub(super) fn separator(bytes: &[u8], start: usize, end: usize) -> Option<u8> {
    // The pair itself must stand between separators; arguments of a call are
    // separated by commas.
    let before = start.checked_sub(1).map_or(b' ', |at| bytes[at]);
    let is_argument = bytes.get(end) == Some(&b',') || bytes[..end].ends_with(b")");
    let separators = match before {
        b'"' | b'\'' | b'`' | b'\n' | b' ' if is_argument => &b";"[..],
        b'"' | b'\'' | b'`' | b'\n' | b' ' => b"; ",
        b';' => b";",
        _ => return None,
    };
    let before = &bytes[start.saturating_sub(AROUND)..start];
    let line = before.iter().rposition(ends_string).map_or(0, |at| at + 1);
    let after = end + run(bytes, end, AROUND, |byte| !ends_string(&byte));
    let (before, after) = (&before[line..], &bytes[end..after]);
    separators
        .iter()
        .copied()
        .find(|separator| has_neighbour(before, *separator) || has_neighbour(after, *separator))
}

fn ends_string(byte: &u8) -> bool {
    b"\n\"'`".contains(byte)
}

fn has_neighbour(text: &[u8], separator: u8) -> bool {
    text.split(|byte| *byte == separator).any(|pair| {
        let Some(sign) = pair.iter().position(|byte| *byte == b'=') else { return false };
        if separator == b' ' && pair.ends_with(b",") {
            return false;
        }
        let blank = |byte: &u8| *byte == b' ' || *byte == b'_';
        let key = pair[..sign].iter().filter(|byte| !blank(byte)).map(u8::to_ascii_lowercase);
        // A longer key is none of ours.
        let key: Vec<u8> = key.take(32).collect();
        NEIGHBOURS.contains(&&key[..])
    })
}
