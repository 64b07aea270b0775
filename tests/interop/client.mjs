// Calls an archive's tools with a client of the TypeScript SDKs, as an instrumented agent does: neither SDK
// knows of OpenTelemetry, so the call's span is opened, and put into `_meta`, around the SDK.
//
// Usage: client.mjs VERSION SERVER, where SERVER is a URL, or the path of a program to start and speak to over
// stdio. VERSION "2025-11-25" is spoken with the SDK's line 1.x, "2026-07-28" with 2.x. Exports where
// OTEL_EXPORTER_OTLP_ENDPOINT says.

import assert from "node:assert/strict";

import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";

const [version, server] = process.argv.slice(-2);

const provider = new TracerProvider({
  resource: resourceFromAttributes({ "service.name": "typescript-client" }),
  spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter() })],
});
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
propagation.setGlobalPropagator(new W3CTraceContextPropagator());
trace.setGlobalTracerProvider(provider);
// The client's HTTP requests have spans, and carry them in their headers.
registerInstrumentations({ instrumentations: [new UndiciInstrumentation()] });
const tracer = trace.getTracer("agent");

// The two lines of the SDK differ in where things are, and in how the newest protocol is asked for.
async function connected() {
  const modern = version === "2026-07-28";
  const [{ Client, StreamableHTTPClientTransport }, { StdioClientTransport }] = modern
    ? [await import("@modelcontextprotocol/client"), await import("@modelcontextprotocol/client/stdio")]
    : [
        {
          ...(await import("@modelcontextprotocol/sdk/client/index.js")),
          ...(await import("@modelcontextprotocol/sdk/client/streamableHttp.js")),
        },
        await import("@modelcontextprotocol/sdk/client/stdio.js"),
      ];
  // The class itself would start a server of its own for `server/discover`, and kill it at once.
  const Stdio = class extends StdioClientTransport {};
  const transport = server.includes("://")
    ? new StreamableHTTPClientTransport(new URL(server))
    : new Stdio({ command: server, args: ["stdio"], env: process.env });
  const options = modern ? { versionNegotiation: { mode: { pin: version } } } : {};
  const client = new Client({ name: "typescript-client", version: "1.0.0" }, options);
  await client.connect(transport);
  return client;
}

async function call(client, name, args) {
  return tracer.startActiveSpan(`tools/call ${name}`, { kind: SpanKind.CLIENT }, async (span) => {
    const _meta = {};
    propagation.inject(context.active(), _meta);
    const result = await client.callTool({ name, arguments: args, _meta });
    if (result.isError) {
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
    span.end();
    return result;
  });
}

await tracer.startActiveSpan("agent", async (agent) => {
  const client = await connected();
  const queried = await call(client, "query_archive", { city: "Porto", days: 3 });
  assert(!queried.isError, JSON.stringify(queried));
  const closed = await call(client, "close_archive", {});
  assert(closed.isError, JSON.stringify(closed));
  await client.close();
  agent.end();
});
await provider.shutdown();
