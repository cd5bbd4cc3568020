import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import type { ModuleFacts } from '../module/module-facts.ts'
import type { InstanceRow } from './queries.ts'
import { instanceExample, instanceSchema, presentInstance } from './schemas.ts'

const moduleSchema = z
  .object({
    paired_at: z.string().nullable(),
    last_called_at: z.string().nullable(),
    cron_last_at: z.string().nullable().describe("When WHMCS's cron last ran, as the module said."),
    last_push_at: z.string().nullable().describe('When it last sent invoices.'),
    module_version: z.string().nullable(),
    php_version: z.string().nullable(),
    whmcs_version: z.string().nullable(),
    waiting: z
      .object({ payments: z.int(), undos: z.int(), invoices: z.int() })
      .describe('For its next call: payments to book, payments to take back, invoices it is asked for.'),
  })
  .meta({ id: 'WhmcsModule' })

/** One installation, as `GET` by id shows it. */
export const instanceDetailSchema = instanceSchema
  .extend({ module: moduleSchema.nullable().describe('What its module told; null in mode `api`.') })
  .meta({ id: 'WhmcsInstanceDetails' })

const timeOrNull = (at: Date | null): string | null => at && isoSeconds(at)

export const presentInstanceDetail = (row: InstanceRow, module: ModuleFacts | null) => ({
  ...presentInstance(row),
  module: module && {
    paired_at: timeOrNull(module.pairedAt),
    last_called_at: timeOrNull(module.calledAt),
    cron_last_at: timeOrNull(module.cronLastAt),
    last_push_at: timeOrNull(module.lastPushAt),
    module_version: module.moduleVersion,
    php_version: module.phpVersion,
    whmcs_version: row.version,
    waiting: module.waiting,
  },
})

export const instanceDetailExample = {
  ...instanceExample,
  mode: 'module',
  api_identifier: null,
  next_sync_at: null,
  module: {
    paired_at: '2025-04-10T14:29:40Z',
    last_called_at: '2025-04-10T14:35:00Z',
    cron_last_at: '2025-04-10T14:35:00Z',
    last_push_at: '2025-04-10T14:35:01Z',
    module_version: '1.0.0',
    php_version: '8.2.29',
    whmcs_version: '8.13.1',
    waiting: { payments: 2, undos: 0, invoices: 0 },
  },
}
