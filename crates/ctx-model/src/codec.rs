//! A compact byte encoding for views and facts: LEB128 numbers and
//! length-prefixed bytes.
//!
//! Views can be computed again, so their encodings carry a version and are
//! dropped when it differs; what cannot be computed again is kept in Protocol
//! Buffers by the storage crate instead.

/// Bytes that end too early or hold a number out of range.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("encoded bytes are damaged at offset {offset}")]
pub struct Damaged {
    /// Where reading failed, in bytes from the start.
    pub offset: usize,
}

/// Appends values to a byte vector.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// An empty writer with room for `capacity` bytes.
    pub fn with_capacity(capacity: usize) -> Writer {
        Writer { bytes: Vec::with_capacity(capacity) }
    }

    /// Appends an unsigned number in LEB128.
    #[inline]
    pub fn number(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.bytes.push(value as u8 | 0x80);
            value >>= 7;
        }
        self.bytes.push(value as u8);
    }

    /// Appends a signed number, zigzag-coded so that small ones stay short.
    #[inline]
    pub fn signed(&mut self, value: i64) {
        self.number(((value << 1) ^ (value >> 63)) as u64);
    }

    /// Appends one byte.
    #[inline]
    pub fn byte(&mut self, value: u8) {
        self.bytes.push(value);
    }

    /// Appends bytes behind their length.
    pub fn bytes(&mut self, value: &[u8]) {
        self.number(value.len() as u64);
        self.bytes.extend_from_slice(value);
    }

    /// Appends a text behind its length in bytes.
    pub fn text(&mut self, value: &str) {
        self.bytes(value.as_bytes());
    }

    /// Appends an optional number: 0 for none, else the number plus one.
    #[inline]
    pub fn option(&mut self, value: Option<u32>) {
        self.number(value.map_or(0, |value| u64::from(value) + 1));
    }

    /// Bytes written so far.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    /// Whether nothing was written yet.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The bytes written.
    pub fn finish(self) -> Vec<u8> {
        self.bytes
    }
}

/// Reads values back in the order in which they were written.
#[derive(Debug, Clone)]
pub struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Reads from the start of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Reader<'a> {
        Reader { bytes, at: 0 }
    }

    /// Whether everything was read.
    pub fn is_at_end(&self) -> bool {
        self.at >= self.bytes.len()
    }

    /// The error for bytes that are wrong where reading stands.
    pub fn damaged(&self) -> Damaged {
        Damaged { offset: self.at }
    }

    /// An unsigned number.
    #[inline]
    pub fn number(&mut self) -> Result<u64, Damaged> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(self.damaged())
    }

    /// A number that must fit 32 bits.
    #[inline]
    pub fn number32(&mut self) -> Result<u32, Damaged> {
        u32::try_from(self.number()?).map_err(|_| self.damaged())
    }

    /// A count of items that follow, each at least one byte long, so that a
    /// damaged count cannot make a reader reserve more than the input holds.
    pub fn count(&mut self) -> Result<usize, Damaged> {
        let count = self.number()?;
        if count > (self.bytes.len() - self.at) as u64 {
            return Err(self.damaged());
        }
        Ok(count as usize)
    }

    /// A signed number.
    #[inline]
    pub fn signed(&mut self) -> Result<i64, Damaged> {
        let value = self.number()?;
        Ok((value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// One byte.
    #[inline]
    pub fn byte(&mut self) -> Result<u8, Damaged> {
        let byte = *self.bytes.get(self.at).ok_or_else(|| self.damaged())?;
        self.at += 1;
        Ok(byte)
    }

    /// Bytes behind their length.
    pub fn bytes(&mut self) -> Result<&'a [u8], Damaged> {
        let length = self.count()?;
        let value = &self.bytes[self.at..self.at + length];
        self.at += length;
        Ok(value)
    }

    /// A text behind its length.
    pub fn text(&mut self) -> Result<&'a str, Damaged> {
        let error = self.damaged();
        std::str::from_utf8(self.bytes()?).map_err(|_| error)
    }

    /// An optional number.
    #[inline]
    pub fn option(&mut self) -> Result<Option<u32>, Damaged> {
        match self.number()? {
            0 => Ok(None),
            value => u32::try_from(value - 1).map(Some).map_err(|_| self.damaged()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_round_trip() {
        let mut writer = Writer::default();
        writer.number(u64::MAX);
        writer.signed(i64::MIN);
        writer.text("é");
        writer.option(None);
        writer.option(Some(7));
        let bytes = writer.finish();
        let mut reader = Reader::new(&bytes);
        assert_eq!(reader.number(), Ok(u64::MAX));
        assert_eq!(reader.signed(), Ok(i64::MIN));
        assert_eq!(reader.text(), Ok("é"));
        assert_eq!(reader.option(), Ok(None));
        assert_eq!(reader.option(), Ok(Some(7)));
        assert!(reader.is_at_end());
    }

    #[test]
    fn damaged_bytes_are_an_error_and_never_a_large_allocation() {
        assert!(Reader::new(&[0xff; 11]).number().is_err());
        assert!(Reader::new(&[0xff, 0xff, 0x7f]).count().is_err());
        assert!(Reader::new(&[2, 0xff, 0xfe]).text().is_err());
    }
}
