//! A connection to a server over streamable HTTP that costs little: it sends what it made before, and looks at
//! responses no more than to find their ends.

use std::io::{self, BufRead as _, BufReader, ErrorKind, Read as _, Write as _};
use std::net::TcpStream;

/// A connection, and the one request that is sent through it.
#[derive(Debug)]
pub struct Connection {
    stream: BufReader<TcpStream>,
    request: Vec<u8>,
    line: String,
}

impl Connection {
    /// Connects to the server at this address, to send it this message of revision 2025-11-25.
    ///
    /// # Errors
    /// If nobody listens there.
    pub fn to(address: &str, message: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        let request = format!(
            "POST /mcp HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/json\r\n\
             Accept: application/json, text/event-stream\r\nMCP-Protocol-Version: 2025-11-25\r\n\
             Content-Length: {}\r\n\r\n{message}",
            message.len()
        );
        Ok(Self {
            stream: BufReader::new(stream),
            request: request.into_bytes(),
            line: String::new(),
        })
    }

    /// Sends the request.
    ///
    /// # Errors
    /// If the server has gone.
    pub fn send(&mut self) -> io::Result<()> {
        self.stream.get_mut().write_all(&self.request)
    }

    /// Reads a response to its end, and returns its body: of a known length, or in chunks.
    ///
    /// # Errors
    /// If the server has gone, or the status is not 200.
    pub fn receive(&mut self) -> io::Result<String> {
        let status = self.line()?;
        if status != "HTTP/1.1 200 OK" {
            return Err(io::Error::other(status.to_owned()));
        }
        let mut length = None;
        loop {
            let line = self.line()?.to_ascii_lowercase();
            if line.is_empty() {
                break;
            }
            if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().ok();
            }
        }
        let mut body = String::new();
        if let Some(length) = length {
            self.read(length, &mut body)?;
            return Ok(body);
        }
        loop {
            let size = usize::from_str_radix(self.line()?, 16).map_err(io::Error::other)?;
            self.read(size, &mut body)?;
            self.line()?;
            if size == 0 {
                return Ok(body);
            }
        }
    }

    fn line(&mut self) -> io::Result<&str> {
        self.line.clear();
        if self.stream.read_line(&mut self.line)? == 0 {
            return Err(ErrorKind::UnexpectedEof.into());
        }
        Ok(self.line.trim_end())
    }

    fn read(&mut self, length: usize, body: &mut String) -> io::Result<()> {
        let mut bytes = vec![0; length];
        self.stream.read_exact(&mut bytes)?;
        body.push_str(&String::from_utf8_lossy(&bytes));
        Ok(())
    }
}
