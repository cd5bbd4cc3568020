import { readFile } from 'node:fs/promises'
import { Command, InvalidArgumentError } from 'commander'
import { isCurrency } from '../base/money.ts'
import {
  type CsvMapping,
  type ParseOptions,
  parseInWorker,
  PARSER_LIMITS,
  type Statement,
} from '../statements/index.ts'
import { fileFault } from './file-fault.ts'
import { amountText, statementLines } from './statement-lines.ts'
import { textTable } from './text-table.ts'

/** `payymo statement inspect FILE`: what is in a statement file, without a server. */
export function statementCommand(): Command {
  const inspect = new Command('inspect')
    .description(
      'Shows accounts, sums and balances of a statement file: CAMT.053/052/054 (also in a ZIP), MT940, OFX, CSV.',
    )
    .argument('<file>', 'the statement file')
    .option('--json', 'print JSON')
    .option('--entries', 'print every booked line as well')
    .option('--currency <code>', 'currency of the account where the file does not say', readCurrency)
    .option('--mapping <json>', 'CSV: which column holds what, as {"date":"…","amount":"…"}', readMapping)
    .action(async (file: string, options: InspectOptions) => {
      const statement = await readStatementFile(file, options)
      process.stdout.write(
        options.json ? `${inspectJson(statement, options.entries)}\n` : inspectText(statement, options.entries),
      )
    })
  return new Command('statement').description('Statement files.').addCommand(inspect)
}

interface InspectOptions extends ParseOptions {
  json?: true
  entries?: true
}

/** The statement in a file, parsed apart. Throws `validation_failed` with the name of the file when it cannot be read. */
export async function readStatementFile(file: string, options: ParseOptions): Promise<Statement> {
  try {
    const bytes = await readFile(file)
    // Files of the person at the keyboard may be larger than an upload; they get memory and time in proportion.
    const megabytes = Math.ceil(bytes.length / 1024 / 1024)
    const limits = {
      memoryMb: Math.max(PARSER_LIMITS.memoryMb, megabytes * 16),
      stallMs: 30_000,
      totalMs: Math.max(PARSER_LIMITS.totalMs, megabytes * 2_000),
    }
    const { mapping, currency } = options
    return await parseInWorker(bytes, { ...(mapping ? { mapping } : {}), ...(currency ? { currency } : {}) }, limits)
  } catch (error) {
    throw fileFault(file, error)
  }
}

export function inspectJson(statement: Statement, withEntries = false): string {
  const lines = withEntries ? statementLines(statement) : []
  return JSON.stringify(
    {
      format: statement.format,
      accounts: statement.accounts.map((account, at) => ({
        ...summaryOf(account),
        ...(withEntries ? { lines: lines[at] } : {}),
      })),
      rejected: statement.rejected,
    },
    null,
    2,
  )
}

function summaryOf(account: Statement['accounts'][number]) {
  const total = (direction: 'credit' | 'debit') =>
    account.entries.reduce((sum, entry) => (entry.direction === direction ? sum + entry.amountMinor : sum), 0n)
  const balance = (amountMinor: bigint | null) =>
    amountMinor === null ? null : amountText(amountMinor, account.currency)
  return {
    account: account.account,
    currency: account.currency,
    entries: account.entries.length,
    credits_total: amountText(total('credit'), account.currency),
    debits_total: amountText(total('debit'), account.currency),
    opening_balance: balance(account.openingMinor),
    closing_balance: balance(account.closingMinor),
    balance_check: account.balanceCheck,
  }
}

function inspectText(statement: Statement, withEntries = false): string {
  const lines = withEntries ? statementLines(statement) : []
  const blocks = statement.accounts.map((account, at) => {
    const summary = summaryOf(account)
    const difference =
      account.balanceDifferenceMinor === null
        ? ''
        : ` (the balances miss ${amountText(account.balanceDifferenceMinor, account.currency)})`
    const table = textTable([
      ['account', summary.account ?? 'not named in the file'],
      ['currency', summary.currency ?? 'not named in the file'],
      ['entries', String(summary.entries)],
      ['credits', summary.credits_total],
      ['debits', summary.debits_total],
      ['opening balance', summary.opening_balance ?? 'not in the file'],
      ['closing balance', summary.closing_balance ?? 'not in the file'],
      ['balance check', `${summary.balance_check}${difference}`],
    ])
    const rows = lines[at]?.map((line) => [
      line.date,
      `${line.direction === 'debit' ? '-' : ''}${line.amount}`,
      line.counterparty.name.slice(0, 30),
      line.description.slice(0, 80),
    ])
    return rows === undefined ? table : `${table}\n${textTable(rows, [1])}`
  })
  const rejected = statement.rejected.map(({ line, reason }) => `  line ${line}: ${reason}\n`).join('')
  const head = `format: ${statement.format}\n\n`
  return head + blocks.join('\n') + (rejected === '' ? '' : `\nnot read (${statement.rejected.length}):\n${rejected}`)
}

/** An option that names a currency. */
export function readCurrency(text: string): string {
  const code = text.toUpperCase()
  if (!isCurrency(code)) throw new InvalidArgumentError('It must be a currency code such as EUR.')
  return code
}

const MAPPING_FIELDS: ReadonlySet<string> = new Set([
  'date',
  'amount',
  'credit',
  'debit',
  'description',
  'reference',
  'counterparty_name',
  'counterparty_iban',
  'currency',
  'date_format',
  'decimal',
  'delimiter',
])

/** An option that holds a mapping: JSON with the fields of the contract and column names. */
export function readMapping(text: string): CsvMapping {
  let mapping: unknown
  try {
    mapping = JSON.parse(text)
  } catch {
    throw new InvalidArgumentError('It must be JSON.')
  }
  if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping))
    throw new InvalidArgumentError('It must be a JSON object.')
  for (const [field, name] of Object.entries(mapping)) {
    if (!MAPPING_FIELDS.has(field) || typeof name !== 'string') {
      throw new InvalidArgumentError(`"${field}" must be one of ${[...MAPPING_FIELDS].join(', ')} and name a column.`)
    }
  }
  const given = mapping as Partial<CsvMapping>
  if (
    given.date === undefined ||
    (given.amount === undefined && (given.credit === undefined || given.debit === undefined))
  ) {
    throw new InvalidArgumentError('It must name "date" and "amount", or "date", "credit" and "debit".')
  }
  return given as CsvMapping
}
