import type { Payout } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useAct } from '../../app/act.ts'
import { useApi, useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Amount } from '../../design/amount.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Fault } from '../../design/fault.tsx'
import { useFormats } from '../../design/format.ts'
import { useSay } from '../../design/toast.tsx'
import { compareAmounts, restOf } from '../../design/money.ts'
import { transactionQuery } from '../review/queries.ts'

/** The line of the bank that the payout became; where it is not certain, those that may be it, to choose from. */
export function BankLine({ payout }: { payout: Payout }) {
  const words = useWords()
  const texts = words.payouts
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const act = useAct()
  const mayChange = useMay('admin')
  const choose = (id: string | null, before: string | null) =>
    void act.run(
      () => payymo.payouts.update(payout.id, { bank_transaction_id: id }),
      (after) => {
        client.setQueryData(['payouts', 'one', payout.id], after)
        for (const name of ['payouts', 'transactions', 'matches']) void client.invalidateQueries({ queryKey: [name] })
        say(id === null ? texts.released : texts.chosen, {
          action: { label: words.app.undo, run: () => choose(before, id) },
        })
      },
    )
  const found = payout.bank_transaction_id
  const foundBy = payout.bank_found_by
  return (
    <Card
      title={texts.bankLine}
      action={
        mayChange &&
        found !== null && (
          <Button weight="quiet" busy={act.busy} className="-mr-2 min-h-8 text-sm" onClick={() => choose(null, found)}>
            {texts.notIt}
          </Button>
        )
      }
    >
      {act.fault !== undefined && (
        <div className="p-3">
          <Fault text={act.fault} />
        </div>
      )}
      {found !== null && (
        <Line id={found} payout={payout} about={foundBy === null ? undefined : texts.foundBy[foundBy]} />
      )}
      {found === null && payout.bank_candidates.length > 0 && (
        <>
          <p className="px-4 pt-3 text-soft">{texts.candidatesText}</p>
          <ul className="divide-y divide-line">
            {payout.bank_candidates.map((id) => (
              <li key={id} className="flex items-center gap-2 pr-3">
                <div className="min-w-0 flex-1">
                  <Line id={id} payout={payout} />
                </div>
                {mayChange && (
                  <Button busy={act.busy} onClick={() => choose(id, null)}>
                    {texts.thisOne}
                  </Button>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
      {found === null && payout.bank_candidates.length === 0 && payout.returned_transaction_ids.length === 0 && (
        <p className="px-4 py-4 text-soft">
          {!payout.to_bank ? texts.noBankText : payout.status === 'failed' ? texts.failedText : texts.notFoundText}
        </p>
      )}
      {payout.returned_transaction_ids.length > 0 && (
        <div>
          <p className="px-4 pt-3 text-soft">{texts.returned}</p>
          {payout.returned_transaction_ids.map((id) => (
            <Line key={id} id={id} payout={undefined} />
          ))}
        </div>
      )}
    </Card>
  )
}

function Line({ id, payout, about }: { id: string; payout: Payout | undefined; about?: string | undefined }) {
  const words = useWords()
  const formats = useFormats()
  const { data: line } = useQuery(transactionQuery(useApi(), id))
  if (!line) return <div className="m-4 h-10 animate-pulse rounded bg-sunken" />
  const signed = line.direction === 'debit' ? `-${line.amount}` : line.amount
  const differs =
    payout !== undefined && line.currency === payout.currency && compareAmounts(signed, payout.amount) !== 0
      ? restOf(signed, [payout.amount])
      : undefined
  return (
    <div className="px-4 py-3">
      <div className="flex items-baseline justify-between gap-3">
        <Link
          to="/transactions/$id"
          params={{ id }}
          className="min-w-0 truncate font-medium underline decoration-line-strong underline-offset-4 hover:decoration-current"
        >
          {line.counterparty.name || words.transactions.unknownPayer}
        </Link>
        <Amount amount={line.amount} currency={line.currency} direction={line.direction} strong />
      </div>
      <p className="truncate text-sm text-soft">
        {formats.day(line.transaction_date)} · {line.account_name} · {line.description || line.reference}
      </p>
      {differs !== undefined && (
        <p className="text-sm text-warn">{words.payouts.bankDiffers(formats.amount(differs, line.currency))}</p>
      )}
      {about !== undefined && <p className="text-sm text-faint">{about}</p>}
    </div>
  )
}
