"""An archive with the Python SDK's server, OpenTelemetry on.

Usage: server.py stdio, or server.py http, which prints its URL and ends with its stdin. Exports where
OTEL_EXPORTER_OTLP_ENDPOINT says.
"""

import socket
import sys

import anyio
import anyio.to_thread
import uvicorn
from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

archive = MCPServer("archive", log_level="ERROR")


@archive.tool()
def query_archive(city: str, days: int) -> str:
    """The mean temperature of a city over the last days."""
    with trace.get_tracer("driver").start_as_current_span("db.query", kind=trace.SpanKind.CLIENT):
        return f"{city}: 18 °C on average over {days} days"


@archive.tool()
def close_archive() -> str:
    """Closes the archive, which cannot be closed twice."""
    raise ToolError("the archive is closed")


async def serve_http() -> None:
    # Connections are taken from here on, and wait until the server is there.
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        archive.streamable_http_app(), log_level="warning", timeout_graceful_shutdown=2
    )
    server = uvicorn.Server(config)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(server.serve, [listener])
        print(f"http://127.0.0.1:{listener.getsockname()[1]}/mcp", flush=True)
        await anyio.to_thread.run_sync(sys.stdin.read)
        server.should_exit = True


def main() -> None:
    provider = TracerProvider(resource=Resource.create({"service.name": "python-server"}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(provider)
    match sys.argv[1:]:
        case ["stdio"]:
            archive.run("stdio")
        case ["http"]:
            anyio.run(serve_http)
        case _:
            sys.exit(__doc__)
    provider.shutdown()


if __name__ == "__main__":
    main()
