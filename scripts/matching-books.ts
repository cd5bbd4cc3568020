import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { InvoiceStatus, MatchInvoice, MatchTransaction, PastDecision } from '../server/src/matching/index.ts'

/** Reads judged books (the open development set) for tests and the quality script. The product never imports this. */

export interface Truth {
  class: number
  className: string
  kind: string
  expected: 'auto' | 'auto-or-review' | 'review' | 'none'
  why: string
  fx: boolean
  allocations: { invoiceId: string; amountMinor: bigint }[]
}

export interface Tenant {
  /** `solo`, `regional` or `large`; empty where the folder does not say. */
  size: string
  transactions: MatchTransaction[]
  invoices: MatchInvoice[]
  history: PastDecision[]
  truth: Map<string, Truth>
}

type Json = null | boolean | string | Json[] | { [key: string]: Json }

/** Digits of the file as they are written, so that no amount passes through a float. Two decimals, as all currencies there. */
function minor(value: Json | undefined): bigint {
  const digits = text(value)
  const match = /^(\d+)(?:\.(\d{1,2}))?$/.exec(digits)
  if (match === null) throw new Error(`Not an amount: ${digits}`)
  return BigInt(match[1] ?? '0') * 100n + BigInt((match[2] ?? '').padEnd(2, '0'))
}

const keepDigits = (_key: string, value: unknown, context?: { source?: string }): unknown =>
  typeof value === 'number' ? context?.source : value

function rows(path: string): { [key: string]: Json }[] {
  if (!existsSync(path)) return []
  const text = gunzipSync(readFileSync(path)).toString('utf8')
  return text
    .split('\n')
    .flatMap((line) => (line === '' ? [] : [JSON.parse(line, keepDigits) as { [key: string]: Json }]))
}

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '')
const object = (value: Json | undefined): { [key: string]: Json } =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? value : {}
const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : [])

function toTransaction(row: { [key: string]: Json }): MatchTransaction {
  const payer = object(row['counterparty'])
  return {
    id: text(row['id']),
    amountMinor: minor(row['amount']),
    currency: text(row['currency']),
    direction: row['direction'] === 'debit' ? 'debit' : 'credit',
    date: text(row['date']),
    reference: text(row['reference']),
    description: text(row['description']),
    counterparty: { name: text(payer['name']), iban: text(payer['iban']) || null },
  }
}

function toInvoice(row: { [key: string]: Json }): MatchInvoice {
  const client = object(row['client'])
  return {
    id: text(row['id']),
    number: text(row['number']),
    totalMinor: minor(row['total']),
    balanceMinor: minor(row['balance']),
    currency: text(row['currency']),
    date: text(row['date']),
    dueDate: text(row['due_date']),
    status: text(row['status']).toLowerCase().replace(' ', '_') as InvoiceStatus,
    client: {
      id: text(client['id']),
      name: text(client['name']),
      company: text(client['company']),
      email: text(client['email']),
    },
    items: list(row['items']).map((item) => ({ description: text(object(item)['description']) })),
    payments: [],
    collects: [],
  }
}

function toTruth(row: { [key: string]: Json }): Truth {
  return {
    class: Number(row['class']),
    className: text(row['class_name']),
    kind: text(row['kind']),
    expected: text(row['expected']) as Truth['expected'],
    why: text(row['why']),
    fx: list(row['tags']).includes('fx'),
    allocations: list(row['allocations']).map((one) => ({
      invoiceId: text(object(one)['invoice_id']),
      amountMinor: minor(object(one)['amount']),
    })),
  }
}

function sizeOf(folder: string): string {
  const path = join(folder, 'tenant.json')
  if (!existsSync(path)) return ''
  return text(object(JSON.parse(readFileSync(path, 'utf8')) as Json)['character'])
}

/** Reads one tenant's folder of a judged set. */
export function loadTenant(folder: string): Tenant {
  return {
    size: sizeOf(folder),
    transactions: rows(join(folder, 'transactions.jsonl.gz')).map(toTransaction),
    invoices: rows(join(folder, 'invoices.jsonl.gz')).map(toInvoice),
    history: rows(join(folder, 'history.jsonl.gz')).map((row) => ({
      transaction: toTransaction(object(row['transaction'])),
      invoiceIds: list(row['invoice_ids']).map(text),
      accepted: row['accepted'] === true,
    })),
    truth: new Map(rows(join(folder, 'truth.jsonl.gz')).map((row) => [text(row['transaction_id']), toTruth(row)])),
  }
}

/** Reads the truth of a set of single payments: line to invoice. */
export function loadPairs(folder: string): Map<string, string> {
  return new Map(
    rows(join(folder, 'truth.jsonl.gz')).map((row) => [text(row['transaction_id']), text(row['invoice_id'])]),
  )
}
