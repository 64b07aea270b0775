//! TODO

use crate::assets::Part;
use crate::catalogue::Catalogue;
use crate::settings::Settings;

pub(crate) fn assets(_catalogue: &Catalogue, _settings: &Settings) -> Part {
    Part::default()
}
