import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { printed } from './matching-invent-dice.ts'
import { landsEast } from './matching-invent-lands-east.ts'
import { landsNorth } from './matching-invent-lands-north.ts'
import { landsOne } from './matching-invent-lands-one.ts'
import { landsOverseas } from './matching-invent-lands-overseas.ts'
import { landsSouth } from './matching-invent-lands-south.ts'
import { invent, type Invented } from './matching-invent-tenant.ts'

/** Invents judged books of banks, numbering schemes and languages that the open books do not have, and writes them in their file
 *  format: `node scripts/matching-invent.ts <folder> <first seed> [rounds] [solo|regional|hostile] [country]`. A round is one
 *  book of every country. The same seed gives the same books. */

const lands = [...landsOne, ...landsNorth, ...landsEast, ...landsSouth, ...landsOverseas]

const classNames = [
  '',
  'exact number and amount',
  'truncated or re-wrapped',
  'slipped number',
  'number of another invoice',
  'client or service name only',
  'third-party payer',
  'same amount',
  'monthly twins',
  'part payment and instalments',
  'one payment for several',
  'fee, currency, rounding, tax',
  'surplus, double, early',
  'no invoice',
]

const rows = (items: readonly object[]): Buffer =>
  gzipSync(
    Buffer.from(items.map((item) => `${JSON.stringify(item).replaceAll(/"\\u0000(\d+\.\d\d)"/g, '$1')}\n`).join('')),
  )
const amount = (minor: number): string => `\u0000${printed(minor)}`

function write(folder: string, one: Invented): void {
  const to = join(folder, one.name)
  mkdirSync(to, { recursive: true })
  const { book } = one
  const line = (shown: Invented['history'][number]['line']): object => ({ ...shown, amount: amount(shown.amount) })
  writeFileSync(
    join(to, 'tenant.json'),
    JSON.stringify({
      tenant: one.name,
      character: one.size,
      home: one.land,
      currency: book.currency,
      numbering: one.scheme,
      transactions: one.lines.length,
      invoices: book.invoices.length,
      clients: book.clients.length,
      history: one.history.length,
    }),
  )
  writeFileSync(join(to, 'transactions.jsonl.gz'), rows(one.lines.map(({ shown }) => line(shown.line))))
  writeFileSync(
    join(to, 'history.jsonl.gz'),
    rows(
      one.history.map((past) => ({
        transaction: line(past.line),
        invoice_ids: [past.invoice.id],
        accepted: past.accepted,
      })),
    ),
  )
  writeFileSync(
    join(to, 'invoices.jsonl.gz'),
    rows(
      book.invoices.map((invoice) => ({
        id: invoice.id,
        number: invoice.number,
        total: amount(invoice.total),
        balance: amount(invoice.balance),
        currency: invoice.currency,
        date: invoice.date,
        due_date: invoice.due,
        status: invoice.status,
        client: {
          id: invoice.client.id,
          name: invoice.client.name,
          company: invoice.client.company,
          email: invoice.client.email,
        },
        items: invoice.items.map((item) => ({
          description: `${item.product} - ${item.domain} (${item.from} - ${item.from.slice(0, 8)}28)`,
        })),
      })),
    ),
  )
  writeFileSync(
    join(to, 'truth.jsonl.gz'),
    rows(
      one.lines.map(
        ({
          shown: {
            draft,
            line: { id },
          },
          opinion,
        }) => ({
          transaction_id: id,
          class: draft.class,
          class_name: classNames[draft.class] ?? '',
          kind: draft.kind,
          tags: draft.class === 11 && draft.kind.startsWith('fx') ? ['fx'] : [],
          expected: opinion.expected,
          decidable: opinion.expected !== 'review',
          allocations: draft.pays.map(({ of, minor }) => ({
            invoice_id: of.id,
            amount: amount(draft.currency === of.currency ? Math.min(minor, of.balance) : of.balance),
          })),
          why: opinion.why,
        }),
      ),
    ),
  )
}

const [folder, seed = '1', rounds = '1', size = 'regional', only] = process.argv.slice(2)
if (folder === undefined)
  throw new Error(
    'Usage: node scripts/matching-invent.ts <folder> <first seed> [rounds] [solo|regional|hostile] [country]',
  )
for (let round = 0; round < Number(rounds); round += 1)
  for (const [at, land] of lands.entries()) {
    if (only !== undefined && only !== land.code) continue
    write(
      join(folder, size),
      invent(land, size === 'hostile' ? 'regional' : size, (Number(seed) + round) * 1000 + at, size === 'hostile'),
    )
  }
