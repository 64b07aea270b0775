//! The detection rules in `deploy/`, as far as they can be checked where their backends are not: by what
//! reads them there, by the names that they use, and by what an engine of another make does with them.

mod agreement;
mod assets;
mod catalogue;
mod datadog;
mod emitted;
mod events;
mod loki;
mod prometheus;
mod sigma;
