"""Calls an archive's tools with the Python SDK's client, OpenTelemetry on.

Usage: client.py MODE SERVER, where SERVER is a URL, or the path of a program to start and speak to over
stdio, and MODE is "auto" (the newest protocol) or "legacy" (sessions). Exports where
OTEL_EXPORTER_OTLP_ENDPOINT says.
"""

import os
import sys

import anyio
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.instrumentation.httpx import HTTPX2ClientInstrumentor
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


async def session(server: str, mode: str) -> None:
    if "://" not in server:
        # The SDK hands on next to nothing of its own environment.
        server = StdioServerParameters(command=server, args=["stdio"], env=dict(os.environ))
    with trace.get_tracer("agent").start_as_current_span("agent"):
        async with Client(server, mode=mode) as client:
            queried = await client.call_tool("query_archive", {"city": "Porto", "days": 3})
            assert not queried.is_error, queried
            closed = await client.call_tool("close_archive", {})
            assert closed.is_error, closed


def main() -> None:
    mode, server = sys.argv[1:]
    provider = TracerProvider(resource=Resource.create({"service.name": "python-client"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    # The client's HTTP requests have spans, and carry them in their headers.
    HTTPX2ClientInstrumentor().instrument()
    anyio.run(session, server, mode)
    provider.shutdown()


if __name__ == "__main__":
    main()
