"""Calls a weather server's tools with the Python SDK's client, OpenTelemetry on.

Usage: call_tools.py SERVER MODE, where SERVER is a URL, or the path of a program to start and speak to
over stdio, and MODE is "auto" (the newest protocol) or "legacy" (sessions).
Prints one JSON object: the protocol version, and for each call its outcome and its client span.
"""

import json
import os
import sys

import anyio
from mcp.client import Client
from mcp.client.stdio import StdioServerParameters
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

CALLS = [
    ("get_weather", {"city": "Porto"}),
    ("query_database", {"city": "Porto", "days": 3}),
    ("send_report", {"to": "crew@example.com", "text": "Porto: clear."}),
    # This recipient's mail relay does not answer: the tool fails.
    ("send_report", {"to": "crew@example.net", "text": "Porto: clear."}),
]


async def session(server: str, mode: str, spans: InMemorySpanExporter) -> dict:
    calls = []
    if "://" not in server:
        # The SDK hands on next to nothing of its own environment.
        server = StdioServerParameters(command=server, env=dict(os.environ))
    async with Client(server, mode=mode) as client:
        for tool, arguments in CALLS:
            spans.clear()
            result = await client.call_tool(tool, arguments)
            # The SDK may list the tools as well.
            (span,) = [
                span
                for span in spans.get_finished_spans()
                if span.name.endswith(f"tools/call {tool}")
            ]
            calls.append(
                {
                    "tool": tool,
                    "is_error": result.is_error,
                    "trace_id": trace.format_trace_id(span.context.trace_id),
                    "span_id": trace.format_span_id(span.context.span_id),
                }
            )
        return {"protocol_version": client.protocol_version, "calls": calls}


def main() -> None:
    server, mode = sys.argv[1:]
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    trace.set_tracer_provider(provider)
    print(json.dumps(anyio.run(session, server, mode, spans)))


if __name__ == "__main__":
    main()
