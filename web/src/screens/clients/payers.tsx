import type { ClientDetails, ClientPayer } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi, useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Confirm } from '../../design/confirm.tsx'
import { useFormats } from '../../design/format.ts'
import { useSay } from '../../design/toast.tsx'
import { PayerDialog } from './payer-form.tsx'
import { payerName } from './payer-name.ts'

const SMALL = 'min-h-8 px-2.5 text-sm'

/** Who pays for the client, as people decided and said: to add to, to correct, and to have matching forget. */
export function Payers({ client }: { client: ClientDetails }) {
  const { clients: words } = useWords()
  const payymo = useApi()
  const queries = useQueryClient()
  const say = useSay()
  const may = useMay('reviewer')
  const [asking, setAsking] = useState<ClientPayer>()
  const [form, setForm] = useState<{ payer?: ClientPayer }>()
  if (client.payers.length === 0 && !may) return null
  const nameOf = (payer: ClientPayer) => payerName(payer, words.noName)
  const forget = async (payer: ClientPayer) => {
    await payymo.clients.deletePayer(client.id, String(payer.n))
    for (const name of ['clients', 'matches']) void queries.invalidateQueries({ queryKey: [name] })
    say(words.forgotten(nameOf(payer)))
  }
  return (
    <Card
      title={words.payers}
      action={
        may && (
          <Button className={SMALL} onClick={() => setForm({})}>
            {words.addPayer}
          </Button>
        )
      }
    >
      {client.payers.length === 0 && <p className="p-4 text-soft">{words.noPayers}</p>}
      <ul className="divide-y divide-line">
        {client.payers.map((payer) => (
          <li
            key={payer.n}
            className="flex flex-wrap items-center justify-between gap-x-3 gap-y-2 px-4 py-2.5 sm:flex-nowrap"
          >
            <Known payer={payer} />
            {may && (
              <div className="flex shrink-0 gap-2">
                <Button className={SMALL} onClick={() => setForm({ payer })}>
                  {words.correct}
                  <span className="sr-only">: {nameOf(payer)}</span>
                </Button>
                <Button className={SMALL} onClick={() => setAsking(payer)}>
                  {words.forget}
                  <span className="sr-only">: {nameOf(payer)}</span>
                </Button>
              </div>
            )}
          </li>
        ))}
      </ul>
      <PayerDialog client={client} payer={form?.payer} open={form !== undefined} onClose={() => setForm(undefined)} />
      <Confirm
        open={asking !== undefined}
        onClose={() => setAsking(undefined)}
        title={words.forgetTitle(asking ? nameOf(asking) : '')}
        label={words.forget}
        work={async () => {
          if (asking) await forget(asking)
        }}
      >
        <p>{words.forgetText(client.company || client.name)}</p>
      </Confirm>
    </Card>
  )
}

function Known({ payer }: { payer: ClientPayer }) {
  const { clients: words } = useWords()
  const formats = useFormats()
  const { name, iban_last4: last4, payments, last_paid_on: day, taught } = payer
  const facts = [
    ...(taught === 'pays' ? [words.taught] : []),
    ...(payments > 0 && day !== null ? [words.paidBefore(payments, formats.count(payments), formats.day(day))] : []),
  ]
  return (
    <div className="min-w-0">
      <p className="flex gap-1.5 font-medium">
        <span className="truncate">{name || words.anyName}</span>
        {last4 !== null && <span className="tabular font-normal whitespace-nowrap text-faint">{` ···· ${last4}`}</span>}
      </p>
      <p className="text-sm text-soft">
        {taught === 'never' && <Badge tone="bad">{words.neverShort}</Badge>}
        {facts.join(' · ')}
      </p>
    </div>
  )
}
