//! The tool with autometrics, which has metrics and no spans. Its default backend: `prometheus`.

use autometrics::autometrics;
use autometrics::settings::AutometricsSettings;

use crate::bare::Sum;

/// The tool, with the gauge of calls in progress that the others have as well.
#[autometrics(track_concurrency)]
pub(crate) async fn add(a: i64, b: i64) -> Sum {
    i8::try_from(a)?;
    Ok(a + b)
}

/// Sets autometrics up.
pub(crate) fn install() {
    AutometricsSettings::builder().init();
}
