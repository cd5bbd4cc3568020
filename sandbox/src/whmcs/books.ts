import { DEFAULT_ACCESS, type Access } from './access.ts'
import { DEFAULT_CLOCK, type ClockSetting } from './clock.ts'
import type { JournalEntry } from './journal.ts'
import { isoMinor, money } from './money.ts'
import type { TableName, Tables } from './rows.ts'
import { LineFile } from './store.ts'
import { DEFAULT_SWITCHES, type Switches } from './switches.ts'
import { Table } from './table.ts'

/** Everything about the install that is not a row. Kept with the books, so that a restarted simulator is the same install. */
export interface Settings {
  switches: Switches
  access: Access
  clock: ClockSetting
  /** Proofs of ownership: the module's shared secret, and the files under /.well-known/ by token. */
  proof: { webhookSecret: string | null; wellKnown: Record<string, string> }
  /** What GetConfigurationValue knows beside the values derived from switches. */
  configuration: Record<string, string>
  /** The last number given by a numbering scheme. */
  lastNumber: number
}

const freshSettings = (): Settings => ({
  switches: { ...DEFAULT_SWITCHES },
  access: structuredClone(DEFAULT_ACCESS),
  clock: { ...DEFAULT_CLOCK },
  proof: { webhookSecret: null, wellKnown: {} },
  configuration: { CompanyName: 'Example Hosting', Charset: 'utf-8' },
  lastNumber: 0,
})

/** What one commit changed: one line of the state file. */
interface Change {
  put: { [Name in TableName]?: Tables[Name][] }
  drop: { [Name in TableName]?: number[] }
  highest: Partial<Record<TableName, number>>
  settings?: Settings
  journal: JournalEntry[]
}

/** A commit under way: what it will write, and how to take it back. */
interface Commit {
  put: Map<TableName, Map<number, Tables[TableName]>>
  change: Change
  undo: (() => void)[]
}

/** What `book` is told; the books add sequence, time and the amount in its two forms. */
export type NewEntry = Omit<JournalEntry, 'seq' | 'at' | 'amountMinor' | 'amount'> & { hundredths: bigint }

const TABLES: TableName[] = ['currencies', 'gateways', 'clients', 'contacts', 'invoices', 'transactions', 'credits']

/** The install's database. All changes happen inside `commit`, which is all or nothing, also on disk. Two files when `journalPath` is
 *  given: the truth journal itself, and beside it `<journal>.state` with the changes from which the books are rebuilt. The state is
 *  written first and carries the journal lines, so that a process killed between the two writes mends the journal when it returns. */
export class Books {
  readonly #tables: { [Name in TableName]: Table<Tables[Name]> } = {
    currencies: new Table((row) => [`code:${row.code}`]),
    gateways: new Table((row) => [`module:${row.module}`]),
    clients: new Table((row) => [`email:${row.email.toLowerCase()}`]),
    contacts: new Table((row) => [`client:${row.clientId}`]),
    invoices: new Table((row) => [`client:${row.clientId}`]),
    transactions: new Table((row) => [`transid:${row.transid}`, `invoice:${row.invoiceId}`, `client:${row.clientId}`]),
    credits: new Table((row) => [`client:${row.clientId}`]),
  }
  readonly journal: JournalEntry[] = []
  settings: Settings = freshSettings()
  #journalFile: LineFile | null = null
  #stateFile: LineFile | null = null
  #open: Commit | null = null

  constructor(journalPath?: string, sync = true) {
    if (journalPath === undefined) return
    this.#journalFile = new LineFile(journalPath, sync)
    this.#stateFile = new LineFile(`${journalPath}.state`, sync)
    this.journal.push(...(this.#journalFile.found as JournalEntry[]))
    for (const change of this.#stateFile.found as Change[]) {
      this.#replay(change)
      const missing = change.journal.filter((entry) => entry.seq > this.journal.length)
      this.journal.push(...missing)
      this.#journalFile.append(...missing)
    }
    if (this.#stateFile.found.length > 1) this.#stateFile.replace(this.#whole())
  }

  table<Name extends TableName>(name: Name): Table<Tables[Name]> {
    return this.#tables[name]
  }

  /** Runs the work as one commit and returns what it returns. When it throws, nothing has happened. Commits do not nest. */
  commit<Result>(work: () => Result): Result {
    if (this.#open) throw new Error('commits do not nest')
    const change: Change = { put: {}, drop: {}, highest: {}, journal: [] }
    const undo: (() => void)[] = []
    const put: Commit['put'] = new Map()
    this.#open = { put, change, undo }
    try {
      const result = work()
      for (const [name, rows] of put) change.put[name] = [...rows.values()] as never[]
      this.#write(change)
      return result
    } catch (error) {
      for (const step of undo.reverse()) step()
      throw error
    } finally {
      this.#open = null
    }
  }

  put<Name extends TableName>(name: Name, row: Tables[Name]): Tables[Name] {
    const { put, undo } = this.#current()
    const table: Table<Tables[Name]> = this.#tables[name]
    const before = table.get(row.id)
    undo.push(() => (before ? table.put(before) : table.drop(row.id)))
    table.put(row)
    const rows = put.get(name) ?? new Map<number, Tables[TableName]>()
    put.set(name, rows.set(row.id, row))
    return row
  }

  drop(name: TableName, id: number): void {
    const { put, change, undo } = this.#current()
    const table = this.#tables[name] as unknown as Table<{ id: number }>
    const before = table.get(id)
    if (!before) return
    undo.push(() => table.put(before))
    table.drop(id)
    put.get(name)?.delete(id)
    change.drop[name] = [...(change.drop[name] ?? []), id]
    change.highest[name] = table.highest
  }

  changeSettings(change: Partial<Settings>): void {
    const current = this.#current()
    const before = this.settings
    current.undo.push(() => void (this.settings = before))
    this.settings = { ...before, ...change }
    current.change.settings = this.settings
  }

  /** Adds a line to the truth journal, as part of the commit. */
  book(entry: NewEntry): void {
    const { hundredths, ...rest } = entry
    const { journal } = this.#current().change
    journal.push({
      seq: this.journal.length + journal.length + 1,
      at: new Date().toISOString(),
      ...rest,
      amountMinor: isoMinor(hundredths, entry.currency),
      amount: money(hundredths),
    })
  }

  close(): void {
    this.#journalFile?.close()
    this.#stateFile?.close()
    this.#journalFile = this.#stateFile = null
  }

  #current(): Commit {
    if (!this.#open) throw new Error('changes happen inside a commit')
    return this.#open
  }

  #write(change: Change): void {
    const empty =
      Object.keys(change.put).length + Object.keys(change.drop).length + change.journal.length === 0 && !change.settings
    if (empty) return
    this.#stateFile?.append(change)
    this.#journalFile?.append(...change.journal)
    this.journal.push(...change.journal)
  }

  #replay(change: Change): void {
    for (const name of TABLES) {
      const table = this.#tables[name] as unknown as Table<{ id: number }>
      for (const row of change.put[name] ?? []) table.put(row)
      for (const id of change.drop[name] ?? []) table.drop(id)
      table.reserve(change.highest[name] ?? 0)
    }
    // Books of an earlier version lack the switches that came since.
    const switches = { ...DEFAULT_SWITCHES, ...change.settings?.switches }
    if (change.settings) this.settings = { ...freshSettings(), ...change.settings, switches }
  }

  #whole(): Change {
    const put = Object.fromEntries(TABLES.map((name) => [name, this.#tables[name].all()])) as Change['put']
    const highest = Object.fromEntries(TABLES.map((name) => [name, this.#tables[name].highest]))
    return { put, drop: {}, highest, settings: this.settings, journal: [] }
  }
}
