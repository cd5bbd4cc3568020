import { z } from 'zod'
import { isoSeconds } from '../../base/clock.ts'
import { jsonAmount } from '../../base/json.ts'
import { listQuery, type ListSource } from '../../http/list.ts'
import { idSchema } from '../../http/validate.ts'
import { type ClientRow, INVOICE_COLUMNS, INVOICE_FROM, type InvoiceRow } from './queries.ts'

export const INVOICE_STATUSES = [
  'draft',
  'unpaid',
  'payment_pending',
  'paid',
  'cancelled',
  'refunded',
  'collections',
] as const

export const clientFields = {
  id: idSchema('cli'),
  external_id: z.string().describe('The id the billing system gave.'),
  name: z.string(),
  company: z.string(),
  email: z.string(),
}

export const invoiceSchema = z
  .object({
    id: idSchema('inv'),
    number: z.string().describe('The printed number; empty where the billing system numbers nothing.'),
    external_id: z.string(),
    source: z.string(),
    whmcs_instance_id: z.string().nullable(),
    status: z.enum(INVOICE_STATUSES),
    total: z.number(),
    balance: z.number(),
    currency: z.string(),
    issued_on: z.string().nullable(),
    due_on: z.string().nullable(),
    closed_on: z.string().nullable(),
    client: z.object(clientFields),
    items: z.array(z.object({ description: z.string(), amount: z.number() })),
    created_at: z.string(),
    updated_at: z.string(),
  })
  .meta({ id: 'Invoice' })

export const presentClientPart = (row: ClientRow) => ({
  id: row.id,
  external_id: row.externalId,
  name: row.name,
  company: row.company,
  email: row.email,
})

/** The only way an invoice leaves: over the API and in events. */
export const presentInvoice = (row: InvoiceRow) => ({
  id: row.id,
  number: row.number,
  external_id: row.externalId,
  source: row.source,
  whmcs_instance_id: row.instanceId,
  status: row.status,
  total: jsonAmount(row.totalMinor, row.currency),
  balance: jsonAmount(row.balanceMinor, row.currency),
  currency: row.currency,
  issued_on: row.issuedOn,
  due_on: row.dueOn,
  closed_on: row.closedOn,
  client: presentClientPart(row.client),
  items: row.items.map((item) => ({
    description: item.description,
    amount: jsonAmount(item.amountMinor, row.currency),
  })),
  created_at: isoSeconds(row.createdAt),
  updated_at: isoSeconds(row.updatedAt),
})

export const INVOICE_LIST: ListSource = {
  select: INVOICE_COLUMNS,
  from: INVOICE_FROM,
  keys: 'invoices i',
  alias: 'i',
  lasting: true,
  search: ['i.words', 'c.words'],
  filters: {
    status: { sql: 'i.status', kind: 'enum', values: INVOICE_STATUSES },
    currency: { sql: 'i.currency', kind: 'currency' },
    source: { sql: 'i.source', kind: 'text' },
    number: { sql: 'i.number', kind: 'text' },
    external_id: { sql: 'i.external_id', kind: 'text' },
    client_id: { sql: 'i.client_id', kind: 'id', prefix: 'cli' },
    whmcs_instance_id: { sql: 'i.instance_id', kind: 'id', prefix: 'whm' },
    total: { sql: 'i.total_scaled', kind: 'amount', range: true },
    balance: { sql: 'i.balance_scaled', kind: 'amount', range: true },
    issued_on: { sql: 'i.issued_on', kind: 'day', range: true },
    due_on: { sql: 'i.due_on', kind: 'day', range: true },
    closed_on: { sql: 'i.closed_on', kind: 'day', range: true },
  },
  sortable: {
    number: { sql: 'i.number', kind: 'text' },
    issued_on: { sql: 'i.issued_on', kind: 'day', nullable: true },
    due_on: { sql: 'i.due_on', kind: 'day', nullable: true },
    closed_on: { sql: 'i.closed_on', kind: 'day', nullable: true },
    total: { sql: 'i.total_scaled', kind: 'amount' },
    balance: { sql: 'i.balance_scaled', kind: 'amount' },
  },
}
export const invoiceListQuery = listQuery(INVOICE_LIST)

export const clientExample = {
  id: 'cli_01jrfzq4v8m2k9d7t5x3w1c0ab',
  external_id: '37',
  name: 'Ann Marlow',
  company: 'Marlow Hosting Co',
  email: 'ann@marlow.example',
}
export const invoiceExample = {
  id: 'inv_01jrfzq4v8m2k9d7t5x3w1c0ab',
  number: 'INV-2025-001',
  external_id: '1050',
  source: 'whmcs',
  whmcs_instance_id: 'whm_01jrfzq4v8m2k9d7t5x3w1c0ab',
  status: 'unpaid',
  total: 1250.0,
  balance: 1250.0,
  currency: 'GBP',
  issued_on: '2025-04-01',
  due_on: '2025-04-15',
  closed_on: null,
  client: clientExample,
  items: [{ description: 'Dedicated server, April', amount: 1250.0 }],
  created_at: '2025-04-01T06:00:10Z',
  updated_at: '2025-04-01T06:00:10Z',
}
