import {
  type Attributes,
  context,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api'
import { AppError } from './errors.ts'

export { SpanKind }

/** Runs `work` in a span below the one that is active, and ends it with the work. Without tracing set up it costs nothing
 *  worth naming. Attributes hold ids, codes and counts, as logs do: never texts of people, amounts or secrets.
 *  `parent`: a W3C traceparent kept with a row, to go on with the trace of whoever wrote it. */
export async function inSpan<T>(
  name: string,
  options: { kind?: SpanKind; attributes?: Attributes; parent?: string | null },
  work: (span: Span) => Promise<T>,
): Promise<T> {
  const under =
    options.parent === undefined
      ? context.active()
      : propagation.extract(ROOT_CONTEXT, options.parent === null ? {} : { traceparent: options.parent })
  const span = tracer().startSpan(
    name,
    { kind: options.kind ?? SpanKind.INTERNAL, ...(options.attributes ? { attributes: options.attributes } : {}) },
    under,
  )
  try {
    return await context.with(trace.setSpan(under, span), () => work(span))
  } catch (error) {
    failSpan(span, error)
    throw error
  } finally {
    span.end()
  }
}

/** Marks a span as failed by the error's type and code; its message may quote what a trace must not hold. */
export function failSpan(span: Span, error: unknown): void {
  const { name, code } = (error ?? {}) as { name?: unknown; code?: unknown }
  span.setAttribute('error.type', typeof code === 'string' ? code : typeof name === 'string' ? name : '_OTHER')
  // An expected refusal is an answer, not a fault of the program.
  if (!(error instanceof AppError)) span.setStatus({ code: SpanStatusCode.ERROR })
}

/** The active trace in the form a row or a header carries, or null when nothing is traced. */
export function traceparent(): string | null {
  const carrier: Record<string, string> = {}
  propagation.inject(context.active(), carrier)
  return carrier.traceparent ?? null
}

export const tracer = () => trace.getTracer('payymo')
