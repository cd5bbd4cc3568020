import pino from 'pino'

/** Fields that may be logged: named here or dropped (reliability 31). Ids, counts, durations, codes; never texts of people,
 *  amounts, addresses of accounts, bodies or secrets. */
const FIELDS = new Set([
  'request_id',
  'tenant_id',
  'method',
  'route',
  'status',
  'duration_ms',
  'error',
  'note',
  'queue',
  'job',
  'count',
  'crash_point',
  'connection_id',
  'account_id',
  'transaction_id',
  'invoice_id',
  'match_id',
  'payment_id',
  'webhook_id',
  'delivery_id',
  'instance_id',
  'sync_id',
  'provider',
  'stage',
  'attempt',
  'outcome',
  'host',
  'port',
  'version',
  'environment',
  'data_dir',
  'database',
  'migrations',
  'reason',
  'signal',
  'file',
])

export type LogFields = Record<string, unknown>

export interface Log {
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

/** Lines of ordinary news go out together, some at a time: one write for each costs a call of the API a tenth of its time. */
const TOGETHER_BYTES = 4096
const TOGETHER_MS = 100

/** JSON lines on standard error, or wherever `write` leads. What is news waits a tenth of a second at most; warnings and errors go
 *  out at once, with everything before them, and so does the rest when the process ends. */
export function createLog(level: string, write?: (line: string) => void): Log {
  const together = write
    ? undefined
    : pino.destination({ fd: 2, sync: false, minLength: TOGETHER_BYTES, periodicFlush: TOGETHER_MS })
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'message',
    },
    write ? { write } : together!,
  )
  const allowed = (fields: LogFields = {}) => {
    const kept: LogFields = {}
    for (const name in fields) {
      const value = fields[name]
      if (value !== undefined && FIELDS.has(name)) kept[name] = name === 'error' ? describe(value) : value
    }
    return kept
  }
  const atOnce = (kind: 'warn' | 'error') => (message: string, fields?: LogFields) => {
    logger[kind](allowed(fields), message)
    together?.flush()
  }
  return {
    info: (message, fields) => logger.info(allowed(fields), message),
    warn: atOnce('warn'),
    error: atOnce('error'),
  }
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** Type, code and stack of an error and of its cause. A PostgreSQL `detail` quotes values and is left out. */
function describe(error: unknown): unknown {
  // The queue tells of its errors as plain objects.
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  const told = {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof message === 'string' ? { message: message.slice(0, 300) } : {}),
  }
  if (!(error instanceof Error)) return { type: typeof error, ...told }
  return {
    type: error.name,
    ...told,
    stack: error.stack
      ?.split('\n')
      .slice(1, 8)
      .map((line) => line.trim()),
    ...(error.cause instanceof Error ? { cause: describe(error.cause) } : {}),
  }
}
