//! TODO

use crate::assets::Part;
use crate::settings::Settings;

pub(crate) fn assets(_settings: &Settings) -> Part {
    Part::default()
}
