import type { StatementImport } from '@payymo/sdk'
import { Link } from '@tanstack/react-router'
import { CircleAlert, CircleCheck, CircleHelp } from 'lucide-react'
import { useWords } from '../../../app/words.tsx'
import { useFormats } from '../../../design/format.ts'

const CHECKS = {
  ok: { Icon: CircleCheck, colour: 'text-good' },
  gap: { Icon: CircleAlert, colour: 'text-bad' },
  overlap: { Icon: CircleAlert, colour: 'text-warn' },
  unknown: { Icon: CircleHelp, colour: 'text-faint' },
}

/** What became of a statement file: its lines, whether its balances add up, what was refused, and how its columns were read. */
export function ImportResult({ result, currency }: { result: StatementImport; currency: string | undefined }) {
  const words = useWords()
  const formats = useFormats()
  const { upload } = words.banks
  const figures = [
    [upload.format, upload.formatNames[result.format] ?? result.format],
    ...(result.accounts > 1 ? [[upload.accounts, formats.count(result.accounts)]] : []),
    [upload.entries, formats.count(result.entries)],
    [upload.created, formats.count(result.created)],
    [upload.duplicates, formats.count(result.duplicates)],
    [upload.rejected, formats.count(result.rejected.length)],
  ] as [string, string][]
  const { Icon, colour } = CHECKS[result.balance_check]
  return (
    <div className="flex flex-col gap-3 sm:pl-7">
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt className="text-sm text-faint">{name}</dt>
            <dd className="tabular font-medium">{value}</dd>
          </div>
        ))}
      </dl>
      <p className="flex items-start gap-2 text-soft">
        <Icon aria-hidden className={`mt-0.5 size-4 shrink-0 ${colour}`} />
        {balanceText(result, currency, upload.balance, formats.amount)}
      </p>
      {result.rejected.length > 0 && <Rejected rejected={result.rejected} />}
      {result.mapping && <UsedMapping mapping={result.mapping} />}
      {result.created > 0 && (
        <Link
          to="/transactions"
          className="inline-flex min-h-6 items-center self-start text-sm text-soft underline underline-offset-4 hover:text-text"
        >
          {upload.see}
        </Link>
      )}
    </div>
  )
}

function balanceText(
  { balance_check: check, balance_difference: difference }: StatementImport,
  currency: string | undefined,
  texts: ReturnType<typeof useWords>['banks']['upload']['balance'],
  amount: (amount: string, currency: string) => string,
): string {
  if (check !== 'gap' || difference === null || currency === undefined) return texts[check]
  return texts.gapOf(amount(difference, currency))
}

function Rejected({ rejected }: { rejected: StatementImport['rejected'] }) {
  const words = useWords()
  const formats = useFormats()
  return (
    <details open={rejected.length <= 5}>
      <summary className="cursor-pointer py-1 text-sm font-medium text-bad">
        {words.banks.upload.rejectedTitle(formats.count(rejected.length))}
      </summary>
      <ul className="max-h-64 overflow-y-auto rounded-lg border border-line text-sm">
        {rejected.map(({ line, reason }) => (
          <li key={`${line} ${reason}`} className="flex gap-4 border-b border-line px-3 py-1.5 last:border-0">
            <span className="tabular w-20 shrink-0 text-faint">{words.banks.upload.line(formats.count(line))}</span>
            <span className="min-w-0 break-words">{reason}</span>
          </li>
        ))}
      </ul>
    </details>
  )
}

function UsedMapping({ mapping }: { mapping: NonNullable<StatementImport['mapping']> }) {
  const { mapping: words } = useWords().banks
  const roles = Object.entries(words.roles) as [keyof typeof words.roles, string][]
  return (
    <details>
      <summary className="cursor-pointer py-1 text-sm text-soft">{words.title}</summary>
      <dl className="grid grid-cols-[minmax(8rem,auto)_minmax(0,1fr)] gap-x-6 gap-y-1 rounded-lg border border-line px-3 py-2 text-sm">
        {roles
          .filter(([role]) => mapping[role] !== undefined)
          .map(([role, name]) => (
            <div key={role} className="contents">
              <dt className="text-faint">{name}</dt>
              <dd className="break-words">{mapping[role]}</dd>
            </div>
          ))}
        {mapping.date_format !== undefined && (
          <div className="contents">
            <dt className="text-faint">{words.dateFormat}</dt>
            <dd>{mapping.date_format}</dd>
          </div>
        )}
      </dl>
    </details>
  )
}
