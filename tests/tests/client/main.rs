//! What a client sends: every message a CLIENT span and a sample, and the server's span below it.

mod requests;
