//! Asking a process for its metrics, as Prometheus does.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;

/// Asks for the metrics, and reads nothing yet.
///
/// # Errors
/// If nobody listens at the address.
pub fn ask(address: &str) -> io::Result<TcpStream> {
    let mut stream = TcpStream::connect(address)?;
    let request = format!("GET /metrics HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes())?;
    Ok(stream)
}

/// The metrics as text.
///
/// # Errors
/// If nobody listens at the address, or the answer is not whole.
pub fn scrape(address: &str) -> io::Result<String> {
    let mut answer = String::new();
    ask(address)?.read_to_string(&mut answer)?;
    let (_, text) = answer
        .split_once("\r\n\r\n")
        .ok_or(io::ErrorKind::UnexpectedEof)?;
    Ok(text.to_owned())
}
