//! The Grafana dashboard, for servers of several kinds. No Grafana draws it here: Grafana's own types and
//! parsers judge it, and it is compared with what the servers can emit.

mod languages;
mod layout;
mod links;
mod panels;
mod promql;
mod security_log;
mod servers;
mod types;
mod variables;
