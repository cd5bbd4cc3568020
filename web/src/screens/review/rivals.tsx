import type { Invoice, MatchCandidates } from '@payymo/sdk'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import { classes } from '../../design/classes.ts'
import { useFormats } from '../../design/format.ts'
import { Key } from '../../design/key.tsx'
import { useSentence, useSure } from './bars.tsx'
import { nameOf } from './compare.ts'
import { sumOf } from '../../design/money.ts'
import { isWord, type Proposal } from './proposals.ts'
import { RULED_OUT_SHOWN } from './work.ts'

/** What else the line might pay, each a key away, and what was left out for a reason. */
export function Rivals({
  proposals,
  chosen,
  invoices,
  candidates,
  onChoose,
}: {
  proposals: readonly Proposal[]
  chosen: number
  invoices: ReadonlyMap<string, Invoice>
  candidates: MatchCandidates | undefined
  onChoose: (at: number) => void
}) {
  const words = useWords().review
  const sentence = useSentence()
  const ruledOut = candidates?.ruled_out ?? []
  return (
    <Card title={proposals.length === 0 ? words.ruledOut : words.others}>
      {proposals.length === 1 && <p className="px-4 py-3 text-sm text-faint">{words.noOthers}</p>}
      {proposals.length > 1 && (
        <ol className="p-1.5">
          {proposals.map((proposal, at) => (
            <li key={`${proposal.match?.id ?? ''}${proposal.allocations.map(({ invoice_id }) => invoice_id).join()}`}>
              <Rival proposal={proposal} at={at} chosen={at === chosen} invoices={invoices} onChoose={onChoose} />
            </li>
          ))}
        </ol>
      )}
      {ruledOut.length > 0 && (
        <div className="border-t border-line px-4 py-3 first:border-0">
          {proposals.length > 0 && <h3 className="mb-1.5 text-sm font-medium text-faint">{words.ruledOut}</h3>}
          <ul className="flex flex-col gap-1 text-sm">
            {ruledOut.slice(0, RULED_OUT_SHOWN).map(({ invoice_id, code, text }) => {
              const invoice = invoices.get(invoice_id)
              return (
                <li key={invoice_id + code} className="flex gap-3">
                  <span className="w-24 shrink-0 truncate font-medium">{invoice ? nameOf(invoice) : '…'}</span>
                  <span className="min-w-0 text-soft">{sentence(text)}</span>
                </li>
              )
            })}
            {ruledOut.length > RULED_OUT_SHOWN && (
              <li className="text-faint">{words.moreRuledOut(ruledOut.length - RULED_OUT_SHOWN)}</li>
            )}
          </ul>
        </div>
      )}
    </Card>
  )
}

function Rival({
  proposal,
  at,
  chosen,
  invoices,
  onChoose,
}: {
  proposal: Proposal
  at: number
  chosen: boolean
  invoices: ReadonlyMap<string, Invoice>
  onChoose: (at: number) => void
}) {
  const words = useWords().review
  const formats = useFormats()
  const sure = useSure()
  const known = proposal.allocations.flatMap(({ invoice_id }) => invoices.get(invoice_id) ?? [])
  const first = known[0]
  const number =
    proposal.allocations.length > 1 ? words.invoices(proposal.allocations.length) : first ? nameOf(first) : '…'
  return (
    <button
      type="button"
      aria-pressed={chosen}
      aria-keyshortcuts={`${at + 1}`}
      onClick={() => onChoose(at)}
      className={classes(
        'flex min-h-11 w-full items-center gap-3 rounded-lg px-2.5 py-1.5 text-left',
        chosen ? 'bg-sunken' : 'hover:bg-sunken',
      )}
    >
      <Key>{at + 1}</Key>
      <span className="min-w-0 flex-1">
        <span className="flex items-baseline gap-2">
          <span className="shrink-0 font-medium">{number}</span>
          <span className="truncate text-sm text-soft">{first?.client.name}</span>
        </span>
        <span className="block text-sm text-soft">
          {isWord(proposal) ? words.byPerson : words.sure(sure(proposal.confidence))}
          {first !== undefined && first.due_on !== null && ` · ${words.due(formats.day(first.due_on))}`}
        </span>
      </span>
      <span className="tabular text-sm whitespace-nowrap">
        {formats.amount(sumOf(proposal.allocations.map(({ amount }) => amount)), proposal.allocations[0]!.currency)}
      </span>
    </button>
  )
}
