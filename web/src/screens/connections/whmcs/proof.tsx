import { PayymoError, type WhmcsInstanceDetails } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi, useMay } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Card } from '../../../design/card.tsx'
import { CopyText } from '../../../design/copy.tsx'
import { Fault } from '../../../design/fault.tsx'
import { useFormats } from '../../../design/format.ts'
import { useSay } from '../../../design/toast.tsx'
import { Notice } from '../notice.tsx'

type Method = 'module' | 'file' | 'dns'

/** The proof that an installation is the tenant's: how it stands, or three ways to give it. */
export function Proof({ instance }: { instance: WhmcsInstanceDetails }) {
  const { whmcs } = useWords()
  const formats = useFormats()
  const { verified_at: at, verified_by: by, proof_checked_at: checked, proof_fault: fault } = instance
  const [again, setAgain] = useState(false)
  const proven = at !== null
  return (
    <Card title={whmcs.proof}>
      <div className="flex flex-col gap-4 p-4">
        {fault !== null && <Notice tone="warn">{whmcs.proofFault(fault)}</Notice>}
        {proven ? (
          <p className="text-soft">
            {whmcs.proven(by === null ? '' : whmcs.proofBy[by], formats.ago(at))}{' '}
            {checked !== null && whmcs.checked(formats.ago(checked))}
          </p>
        ) : (
          <p className="text-soft">{whmcs.proofText}</p>
        )}
        {proven && !again && fault !== null && (
          <Button className="self-start" onClick={() => setAgain(true)}>
            {whmcs.prove}
          </Button>
        )}
        {(!proven || again) && <Ways instance={instance} />}
      </div>
    </Card>
  )
}

function Ways({ instance }: { instance: WhmcsInstanceDetails }) {
  const { whmcs } = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const say = useSay()
  const may = useMay('admin')
  const act = useAct()
  const [asked, setAsked] = useState<Method | 'all'>()
  const [found, setFound] = useState<Partial<Record<Method, string>>>({})
  const { proofs } = instance
  const check = (method?: Method) => {
    setAsked(method ?? 'all')
    void act.run(async () => {
      try {
        await payymo.whmcsInstances.verify(instance.id, method ? { method } : {})
      } catch (error) {
        const faults = issuesOf(error)
        if (!faults) throw error
        setFound((before) => ({ ...before, ...faults }))
        return
      }
      setFound({})
      say(whmcs.verified)
      void client.invalidateQueries({ queryKey: ['whmcs-instances'] })
    })
  }
  const way = (method: Method, title: string, text: string, texts: readonly (readonly [string, string])[]) => (
    <Way
      key={method}
      title={title}
      text={text}
      texts={texts}
      found={found[method]}
      action={
        may && (
          <Button
            busy={act.busy && asked === method}
            disabled={act.busy}
            aria-label={`${whmcs.check}: ${title}`}
            onClick={() => check(method)}
          >
            {whmcs.check}
          </Button>
        )
      }
    />
  )
  return (
    <>
      <div className="grid gap-3 lg:grid-cols-3">
        {way('module', whmcs.proofModule, whmcs.proofModuleText, [[whmcs.proofUrl, proofs.module.url]])}
        {way('file', whmcs.proofFile, whmcs.proofFileText, [
          [whmcs.proofUrl, proofs.file.url],
          [whmcs.proofToken, proofs.file.content],
        ])}
        {way('dns', whmcs.proofDns, whmcs.proofDnsText, [
          [whmcs.proofName, proofs.dns.name],
          [whmcs.proofValue, proofs.dns.value],
        ])}
      </div>
      <Fault text={act.fault} />
      {may && (
        <Button
          weight="primary"
          className="self-start"
          busy={act.busy && asked === 'all'}
          disabled={act.busy}
          onClick={() => check()}
        >
          {act.busy && asked === 'all' ? whmcs.checking : whmcs.checkAll}
        </Button>
      )}
    </>
  )
}

/** What each place held instead of the proof. */
function issuesOf(error: unknown): Partial<Record<Method, string>> | undefined {
  if (!(error instanceof PayymoError) || error.code !== 'validation_failed') return undefined
  const faults = error.details.filter(({ field }) => field === 'module' || field === 'file' || field === 'dns')
  return faults.length === 0 ? undefined : Object.fromEntries(faults.map(({ field, issue }) => [field, issue]))
}

function Way({
  title,
  text,
  texts,
  found,
  action,
}: {
  title: string
  text: string
  texts: readonly (readonly [string, string])[]
  found: string | undefined
  action: ReactNode
}) {
  return (
    <section className="flex min-w-0 flex-col gap-3 rounded-xl border border-line p-4">
      <h3 className="font-semibold">{title}</h3>
      <p className="text-sm text-soft">{text}</p>
      {texts.map(([label, value]) => (
        <div key={label} className="flex flex-col gap-1">
          <span className="text-sm text-faint">{label}</span>
          <CopyText text={value} label={label} />
        </div>
      ))}
      <div className="mt-auto flex flex-col items-start gap-2">
        <Fault text={found} />
        {action}
      </div>
    </section>
  )
}
