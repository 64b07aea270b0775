//! Values written by serde, within bounds: serialisation stops where they are exceeded.

use std::io::{self, Write};

use serde_core::Serialize;
use serde_json::ser::Formatter;

/// Appends `value` to `out`: at most `room` bytes, and `depth` levels of arrays and objects.
pub(super) fn to_json<V: Serialize + ?Sized>(
    value: &V,
    out: &mut String,
    room: usize,
    depth: usize,
) -> serde_json::Result<()> {
    let sink = Sink { out, room };
    value.serialize(&mut serde_json::Serializer::with_formatter(
        sink,
        Levels(depth),
    ))
}

struct Sink<'a> {
    out: &'a mut String,
    room: usize,
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = std::str::from_utf8(bytes).map_err(io::Error::other)?;
        self.room = self
            .room
            .checked_sub(bytes.len())
            .ok_or(io::ErrorKind::WriteZero)?;
        self.out.push_str(text);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Compact JSON of so many levels.
struct Levels(usize);

impl Levels {
    fn descend(&mut self) -> io::Result<()> {
        self.0 = self.0.checked_sub(1).ok_or(io::ErrorKind::WriteZero)?;
        Ok(())
    }
}

impl Formatter for Levels {
    fn begin_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.descend()?;
        writer.write_all(b"[")
    }

    fn end_array<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0 += 1;
        writer.write_all(b"]")
    }

    fn begin_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.descend()?;
        writer.write_all(b"{")
    }

    fn end_object<W: Write + ?Sized>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0 += 1;
        writer.write_all(b"}")
    }
}
