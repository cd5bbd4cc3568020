import { type FormEvent, useState } from 'react'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Fault } from '../../../design/fault.tsx'
import { Choice } from '../../../design/field.tsx'
import { type CsvHead, type Mapping, proposeMapping, withoutHoles } from './csv-head.ts'

type Role = Exclude<keyof Mapping, 'date_format' | 'decimal' | 'delimiter'>
const ROWS_SHOWN = 3
const DECIMALS = ['.', ','] as const
const MORE: readonly Role[] = ['description', 'counterparty_name', 'counterparty_iban', 'reference', 'currency']

/** What stands in which column of a CSV file, chosen beside its first lines. */
export function MappingForm({
  head,
  wants,
  onSubmit,
}: {
  head: CsvHead
  wants: readonly ('date_format' | 'decimal')[]
  onSubmit: (mapping: Mapping) => void
}) {
  const words = useWords().banks.mapping
  const [mapping, setMapping] = useState(() => proposeMapping(head))
  const [pair, setPair] = useState(mapping.credit !== undefined)
  const [missing, setMissing] = useState(false)
  // Where only one thing is open, the rest is put away.
  const [short] = useState(
    wants.length > 0 && mapping.date !== undefined && (mapping.amount !== undefined || mapping.credit !== undefined),
  )
  const set = (change: { [K in keyof Mapping]?: Mapping[K] | undefined }) =>
    setMapping((before) => withoutHoles({ ...before, ...change }))
  function submit(event: FormEvent) {
    event.preventDefault()
    const { amount, credit, debit, ...rest } = mapping
    const money = pair ? credit !== undefined && debit !== undefined : amount !== undefined
    setMissing(rest.date === undefined || !money)
    if (rest.date === undefined || !money) return
    onSubmit(withoutHoles({ ...rest, ...(pair ? { credit, debit } : { amount }) }) as Mapping)
  }
  const column = (role: Role, required = false) => (
    <ColumnChoice
      key={role}
      role={role}
      head={head}
      value={mapping[role]}
      required={required}
      onChange={(name) => set({ [role]: name })}
    />
  )
  const ways = {
    date_format: (
      <Choice
        key="date_format"
        label={words.dateFormat}
        value={mapping.date_format ?? ''}
        required={wants.includes('date_format')}
        onChange={(event) => set({ date_format: event.target.value })}
      >
        <option value="">{wants.includes('date_format') ? words.please : words.automatic}</option>
        <option value="DD/MM/YYYY">{words.dayFirst}</option>
        <option value="MM/DD/YYYY">{words.monthFirst}</option>
        <option value="YYYY-MM-DD">{words.yearFirst}</option>
      </Choice>
    ),
    decimal: (
      <Choice
        key="decimal"
        label={words.decimal}
        value={mapping.decimal ?? ''}
        required={wants.includes('decimal')}
        onChange={(event) => set({ decimal: DECIMALS.find((sign) => sign === event.target.value) })}
      >
        <option value="">{wants.includes('decimal') ? words.please : words.automatic}</option>
        <option value=".">{words.point}</option>
        <option value=",">{words.comma}</option>
      </Choice>
    ),
  }
  const columns = (
    <>
      {column('date', true)}
      {!wants.includes('date_format') && ways.date_format}
      <Choice
        label={words.way}
        value={pair ? 'two' : 'one'}
        onChange={(event) => setPair(event.target.value === 'two')}
      >
        <option value="one">{words.one}</option>
        <option value="two">{words.two}</option>
      </Choice>
      {pair ? [column('credit', true), column('debit', true)] : column('amount', true)}
      {!wants.includes('decimal') && ways.decimal}
      {MORE.map((role) => column(role))}
    </>
  )
  return (
    <form onSubmit={submit} className="flex flex-col gap-4 rounded-xl border border-line p-4">
      <div>
        <p className="font-medium">{wants[0] === undefined ? words.ask : words.asks[wants[0]]}</p>
        <p className="text-sm text-soft">{words.askText}</p>
      </div>
      <Preview head={head} />
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        {wants.map((name) => ways[name])}
        {!short && columns}
      </div>
      {short && (
        <details>
          <summary className="cursor-pointer py-1 text-sm text-soft">{words.all}</summary>
          <div className="mt-2 grid gap-4 sm:grid-cols-2 lg:grid-cols-3">{columns}</div>
        </details>
      )}
      <Fault text={missing ? words.needed : undefined} />
      <Button type="submit" weight="primary" className="self-end">
        {words.submit}
      </Button>
    </form>
  )
}

function ColumnChoice({
  role,
  head,
  value,
  required,
  onChange,
}: {
  role: Role
  head: CsvHead
  value: string | undefined
  required: boolean
  onChange: (name: string | undefined) => void
}) {
  const words = useWords().banks.mapping
  return (
    <Choice
      label={words.roles[role]}
      value={value ?? ''}
      required={required}
      onChange={(event) => onChange(event.target.value === '' ? undefined : event.target.value)}
    >
      <option value="">{required ? words.please : words.nothing}</option>
      {head.columns.map((name, at) => {
        const example = head.rows[0]?.[at]?.slice(0, 24) ?? ''
        return (
          name !== '' && (
            <option key={`${name} ${at}`} value={name}>
              {example === '' ? name : `${name} (${words.example(example)})`}
            </option>
          )
        )
      })}
    </Choice>
  )
}

function Preview({ head }: { head: CsvHead }) {
  const words = useWords().banks.mapping
  return (
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by keys
    <div tabIndex={0} role="region" aria-label={words.rows} className="overflow-x-auto rounded-lg border border-line">
      <table className="w-full text-left text-sm">
        <caption className="sr-only">{words.rows}</caption>
        <thead>
          <tr className="border-b border-line bg-sunken">
            {head.columns.map((name, at) => (
              <th key={`${name} ${at}`} scope="col" className="px-3 py-1.5 font-medium whitespace-nowrap">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {head.rows.slice(0, ROWS_SHOWN).map((row) => (
            <tr key={row.join('\t')} className="border-b border-line last:border-0">
              {row.map((cell, at) => (
                <td key={`${head.columns[at]} ${at}`} className="max-w-60 truncate px-3 py-1.5 text-soft">
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
