//! The pipeline on real parts: the demo, a collector, stores, Prometheus and Alertmanager, as far as they
//! can be had (`.ci/pipeline-tools`). What cannot be had is said to be skipped.

mod alert;
mod alertmanager;
mod api;
mod caller;
mod collector;
mod counts;
mod demo;
mod derived;
mod directory;
mod durations;
mod expressions;
mod log;
mod masked;
mod metric_store;
mod outage;
mod pipeline;
mod polling;
mod ports;
mod program;
mod prometheus;
mod shipped;
mod stored;
mod tools;
mod trace;
mod trace_store;
mod victoria;
