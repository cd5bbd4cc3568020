import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { tenantQuery } from '../../../app/branding.ts'
import { useSeat } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Dialog } from '../../../design/dialog.tsx'
import { Fault } from '../../../design/fault.tsx'
import { Field } from '../../../design/field.tsx'

/** Makes a place for statement files: a bank and one account of it. */
export function AddFile({ open, onClose }: { open: boolean; onClose: () => void }) {
  const words = useWords()
  return (
    <Dialog open={open} onClose={onClose} side title={words.banks.file.add}>
      <Form />
    </Dialog>
  )
}

function Form() {
  const words = useWords()
  const { payymo, tenant } = useSeat()
  const client = useQueryClient()
  const navigate = useNavigate()
  const settings: { home_currency?: unknown } = useQuery(tenantQuery(payymo, tenant.id)).data?.settings ?? {}
  const home = typeof settings.home_currency === 'string' ? settings.home_currency : ''
  const act = useAct(['name', 'account.name', 'account.currency', 'account.iban'])
  const [given, setGiven] = useState({ name: '', account: '', currency: undefined as string | undefined, iban: '' })
  const currency = given.currency ?? home
  function submit(event: FormEvent) {
    event.preventDefault()
    const iban = given.iban.trim()
    void act.run(
      () =>
        payymo.bankConnections.create({
          provider: 'file',
          name: given.name.trim(),
          account: { name: given.account.trim(), currency: currency.trim(), ...(iban === '' ? {} : { iban }) },
        }),
      ({ id }) => {
        void client.invalidateQueries({ queryKey: ['bank-connections'] })
        void navigate({ to: '/connections/$id', params: { id } })
      },
    )
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-5">
      <p className="text-soft">{words.banks.file.addText}</p>
      <Field
        label={words.banks.file.name}
        hint={words.banks.file.nameHint}
        required
        maxLength={100}
        value={given.name}
        onChange={(event) => setGiven({ ...given, name: event.target.value })}
        fault={act.faults.name}
      />
      <Field
        label={words.banks.file.account}
        hint={words.banks.file.accountHint}
        required
        maxLength={100}
        value={given.account}
        onChange={(event) => setGiven({ ...given, account: event.target.value })}
        fault={act.faults['account.name']}
      />
      <Field
        label={words.banks.file.currency}
        required
        maxLength={3}
        autoCapitalize="characters"
        spellCheck={false}
        value={currency}
        onChange={(event) => setGiven({ ...given, currency: event.target.value.toUpperCase() })}
        fault={act.faults['account.currency']}
      />
      <Field
        label={words.banks.file.iban}
        hint={words.banks.file.ibanHint}
        autoComplete="off"
        spellCheck={false}
        value={given.iban}
        onChange={(event) => setGiven({ ...given, iban: event.target.value })}
        fault={act.faults['account.iban']}
      />
      <Fault text={act.fault} />
      <Button type="submit" weight="primary" busy={act.busy} className="self-end">
        {words.banks.file.create}
      </Button>
    </form>
  )
}
