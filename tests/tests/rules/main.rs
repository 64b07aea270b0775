//! Prometheus's rules as they are made for servers of several kinds: promtool finds them right, each alert
//! fires when it should and only then, and the runbook has a paragraph for each.

mod documents;
mod panels;
mod promtool;
mod servers;
mod settings;
mod structure;
