//! The same providers for everyone who takes providers.

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::{ManualReader, SdkMeterProvider};
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, Span, SpanData, SpanProcessor};

use crate::scenario::Mode;

/// The provider of tracers; none where the mode has no spans.
pub(crate) fn tracers(mode: Mode) -> Option<SdkTracerProvider> {
    let sampler = match mode {
        Mode::Off | Mode::Metrics | Mode::MeteredAndLogged => return None,
        Mode::Unsampled => Sampler::AlwaysOff,
        Mode::Sampled
        | Mode::Failing
        | Mode::Recorded
        | Mode::SampledAndLogged
        | Mode::Handler
        | Mode::HandlerOfTool
        | Mode::HandlerAndLogged => Sampler::ParentBased(Box::new(Sampler::AlwaysOn)),
    };
    let builder = SdkTracerProvider::builder()
        .with_sampler(sampler)
        .with_span_processor(Discard);
    Some(builder.build())
}

/// The provider of meters; none where the mode has no metrics.
pub(crate) fn meters(mode: Mode) -> Option<SdkMeterProvider> {
    let builder = SdkMeterProvider::builder().with_reader(ManualReader::default());
    (mode != Mode::Off).then(|| builder.build())
}

/// Takes spans and lets them go.
#[derive(Debug)]
struct Discard;

impl SpanProcessor for Discard {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, _: SpanData) {}

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}
