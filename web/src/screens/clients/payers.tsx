import type { ClientDetails } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useApi, useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Confirm } from '../../design/confirm.tsx'
import { useFormats } from '../../design/format.ts'
import { useSay } from '../../design/toast.tsx'

type Payer = ClientDetails['payers'][number]

/** Who has paid for the client before, as people decided, and that matching is to forget one of them. */
export function Payers({ client }: { client: ClientDetails }) {
  const { clients: words } = useWords()
  const formats = useFormats()
  const payymo = useApi()
  const queries = useQueryClient()
  const say = useSay()
  const may = useMay('reviewer')
  const [asking, setAsking] = useState<Payer>()
  if (client.payers.length === 0) return null
  const forget = async (payer: Payer) => {
    await payymo.clients.deletePayer(client.id, String(payer.n))
    for (const name of ['clients', 'matches']) void queries.invalidateQueries({ queryKey: [name] })
    say(words.forgotten(payer.name))
  }
  return (
    <Card title={words.payers}>
      <ul className="divide-y divide-line">
        {client.payers.map((payer) => (
          <li key={payer.n} className="flex items-center justify-between gap-3 px-4 py-2.5">
            <div className="min-w-0">
              <p className="truncate font-medium">
                {payer.name}
                {payer.iban_last4 !== null && (
                  <span className="tabular font-normal text-faint"> ···· {payer.iban_last4}</span>
                )}
              </p>
              <p className="text-sm text-soft">
                {words.paidBefore(payer.payments, formats.count(payer.payments), formats.day(payer.last_paid_on))}
              </p>
            </div>
            {may && (
              <Button className="min-h-8 px-2.5 text-sm" onClick={() => setAsking(payer)}>
                {words.forget}
                <span className="sr-only">: {payer.name}</span>
              </Button>
            )}
          </li>
        ))}
      </ul>
      <Confirm
        open={asking !== undefined}
        onClose={() => setAsking(undefined)}
        title={words.forgetTitle(asking?.name ?? '')}
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
