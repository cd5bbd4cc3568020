import type { ClientDetails, ClientPayer } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Fault } from '../../design/fault.tsx'
import { Field } from '../../design/field.tsx'
import { Radios } from '../../design/radios.tsx'
import { useSay } from '../../design/toast.tsx'
import { payerName } from './payer-name.ts'

/** Says who pays for the client, or corrects what is known of one: `payer`. */
export function PayerDialog({
  client,
  payer,
  open,
  onClose,
}: {
  client: ClientDetails
  payer: ClientPayer | undefined
  open: boolean
  onClose: () => void
}) {
  const { clients: words } = useWords()
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={payer ? words.correctTitle(payerName(payer, words.noName)) : words.addPayer}
    >
      <Form client={client} payer={payer} onClose={onClose} />
    </Dialog>
  )
}

function Form({
  client,
  payer,
  onClose,
}: {
  client: ClientDetails
  payer: ClientPayer | undefined
  onClose: () => void
}) {
  const { clients: words } = useWords()
  const payymo = useApi()
  const queries = useQueryClient()
  const say = useSay()
  const act = useAct(['name', 'iban'])
  const [name, setName] = useState(payer?.name ?? '')
  const [iban, setIban] = useState('')
  const [says, setSays] = useState<'pays' | 'never'>(payer?.taught ?? 'pays')
  function submit(event: FormEvent) {
    event.preventDefault()
    const typed = iban.trim() === '' ? {} : { iban: iban.trim() }
    void act.run(
      () =>
        payer
          ? payymo.clients.updatePayer(client.id, String(payer.n), {
              ...typed,
              ...(name.trim() === payer.name ? {} : { name: name.trim() }),
              pays: says === 'pays',
            })
          : payymo.clients.createPayer(client.id, { ...typed, ...(name.trim() === '' ? {} : { name: name.trim() }) }),
      (kept) => {
        for (const key of ['clients', 'matches']) void queries.invalidateQueries({ queryKey: [key] })
        say(words.payerKept(payerName(kept, words.noName)))
        onClose()
      },
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-4">
      <p className="text-soft">{payer ? words.correctText : words.addPayerText(client.company || client.name)}</p>
      <Field
        label={words.payerName}
        hint={words.payerNameHint}
        maxLength={300}
        value={name}
        onChange={(event) => setName(event.target.value)}
        fault={act.faults.name}
      />
      <Field
        label={words.iban}
        hint={payer?.iban_last4 ? words.ibanKept(payer.iban_last4) : words.ibanHint}
        maxLength={42}
        autoComplete="off"
        spellCheck={false}
        value={iban}
        onChange={(event) => setIban(event.target.value)}
        fault={act.faults.iban}
      />
      {payer && (
        <Radios
          label={words.says}
          value={says}
          options={[
            { value: 'pays', label: words.pays, hint: words.paysHint },
            { value: 'never', label: words.never, hint: words.neverHint },
          ]}
          onChange={setSays}
        />
      )}
      <Fault text={act.fault} />
      <Button type="submit" weight="primary" busy={act.busy} className="self-end">
        {payer ? words.keepPayer : words.add}
      </Button>
    </form>
  )
}
