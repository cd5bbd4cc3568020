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

/** JSON lines on standard error, or wherever `write` leads. */
export function createLog(level: string, write?: (line: string) => void): Log {
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      messageKey: 'message',
    },
    write ? { write } : pino.destination({ fd: 2, sync: false }),
  )
  const allowed = (fields: LogFields = {}) =>
    Object.fromEntries(
      Object.entries(fields)
        .filter(([name, value]) => FIELDS.has(name) && value !== undefined)
        .map(([name, value]) => [name, name === 'error' ? describe(value) : value]),
    )
  return {
    info: (message, fields) => logger.info(allowed(fields), message),
    warn: (message, fields) => logger.warn(allowed(fields), message),
    error: (message, fields) => logger.error(allowed(fields), message),
  }
}

export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} }

/** Type, code and stack of an error and of its cause. A PostgreSQL `detail` quotes values and is left out. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return { type: typeof error }
  const code = (error as { code?: unknown }).code
  return {
    type: error.name,
    ...(typeof code === 'string' ? { code } : {}),
    message: error.message.slice(0, 300),
    stack: error.stack
      ?.split('\n')
      .slice(1, 8)
      .map((line) => line.trim()),
    ...(error.cause instanceof Error ? { cause: describe(error.cause) } : {}),
  }
}
