import type { Link, SpanContext } from '@opentelemetry/api';

export type Attributes = Readonly<Record<string, string | number>>;

export interface SpanOptions {
  readonly kind: 'server' | 'producer' | 'consumer' | 'internal';
  /** The traceparent of what caused it. Without one, or with one that is none, a trace of its own begins. */
  readonly parent?: string | undefined;
  /** Traceparents of what it serves together; 128 are kept. */
  readonly links?: readonly (string | undefined)[];
  readonly attributes?: Attributes;
}

/** A piece of work that somebody may want to see on its trace. */
export interface Span {
  /** What goes into messages, so that what they cause belongs to this. */
  readonly traceparent: string;
  rename(name: string): void;
  set(attributes: Attributes): void;
  /** Once. With an error it has failed. */
  end(error?: unknown): void;
}

/** Where there is none, whoever would begin a span passes on the traceparent that it was given. */
export interface Tracing extends AsyncDisposable {
  start(name: string, options: SpanOptions): Span;
}

export interface TracingOptions {
  readonly service: string;
  /** Of a collector that takes OTLP over HTTP, without `/v1/traces`. */
  readonly endpoint: string;
  /** Share of the traces begun here that is kept; one begun elsewhere is kept if it is kept there. */
  readonly ratio?: number;
}

const EVERY_MS = 1_000;
const EXPORT_MS = 2_000;

/** Sends spans every second; those that the collector does not take are lost, and nothing waits for them. */
export async function startTracing({ service, endpoint, ratio = 1 }: TracingOptions): Promise<Tracing> {
  // Loaded when they are wanted: a service without traces pays nothing for them.
  const { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } = await import('@opentelemetry/api');
  const { parseTraceParent } = await import('@opentelemetry/core');
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const { BatchSpanProcessor, ParentBasedSampler, TraceIdRatioBasedSampler, TracerProvider } =
    await import('@opentelemetry/sdk-trace');

  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: EXPORT_MS,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.namespace': 'g-store', 'service.name': service }),
    sampler: new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(ratio) }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter, scheduledDelayMillis: EVERY_MS, exportTimeoutMillis: EXPORT_MS }),
    ],
  });
  const tracer = provider.getTracer('g-store');
  const kinds = {
    server: SpanKind.SERVER,
    producer: SpanKind.PRODUCER,
    consumer: SpanKind.CONSUMER,
    internal: SpanKind.INTERNAL,
  };
  const contextIn = (traceparent: string | undefined): SpanContext | undefined =>
    (traceparent === undefined ? undefined : parseTraceParent(traceparent)) ?? undefined;
  const linkTo = (traceparent: string | undefined): readonly Link[] => {
    const context = contextIn(traceparent);
    return context === undefined ? [] : [{ context }];
  };

  return {
    start(name, { kind, parent, links = [], attributes = {} }) {
      const cause = contextIn(parent);
      const context = cause === undefined ? ROOT_CONTEXT : trace.setSpanContext(ROOT_CONTEXT, cause);
      const options = { kind: kinds[kind], attributes, links: links.flatMap(linkTo) };
      const span = tracer.startSpan(name, options, context);
      const { traceId, spanId, traceFlags } = span.spanContext();
      return {
        traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
        rename: (better) => void span.updateName(better),
        set: (more) => void span.setAttributes(more),
        end(error) {
          if (error !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: nameOf(error) });
          span.end();
        },
      };
    },
    // Whoever stops has little time, and a collector may be away.
    [Symbol.asyncDispose]: () => provider.shutdown().catch(() => undefined),
  };
}

/** The message may hold what is nobody's business. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : typeof error);
