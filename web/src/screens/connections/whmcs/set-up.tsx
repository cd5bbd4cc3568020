import type { WhmcsInstanceDetails } from '@payymo/sdk'
import type { ReactNode } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi, useMay } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Card } from '../../../design/card.tsx'
import { CopyText } from '../../../design/copy.tsx'
import { Fault } from '../../../design/fault.tsx'
import { useFormats } from '../../../design/format.ts'
import { type Step, Steps } from '../../../design/steps.tsx'
import { ModuleDownload } from './module-download.tsx'
import { usePairingCode } from './pairing.ts'

export const isSetUp = (instance: WhmcsInstanceDetails): boolean =>
  instance.mirrored_at !== null &&
  instance.verified_at !== null &&
  (!instance.module || instance.module.paired_at !== null)

/** What is left to do until payments are booked; it ticks itself off. */
export function SetUp({ instance }: { instance: WhmcsInstanceDetails }) {
  const words = useWords()
  const formats = useFormats()
  const { whmcs } = words
  const { module, mode, mirrored_at: mirrored, verified_at: verified, verified_by: by, last_seen_at: seen } = instance
  const step = (title: string, doneAt: string | null, done: (when: string) => string, open: ReactNode): Step => ({
    title,
    state: doneAt === null ? 'open' : 'done',
    text: doneAt === null ? open : done(formats.ago(doneAt)),
  })
  const steps: Step[] = [
    ...(mode === 'module'
      ? [
          {
            title: whmcs.install,
            state: module?.paired_at == null ? ('open' as const) : ('done' as const),
            text: module?.paired_at == null && <Install />,
          },
          step(whmcs.pair, module?.paired_at ?? null, whmcs.paired, <Pair id={instance.id} />),
        ]
      : [step(whmcs.reach, seen, whmcs.reached, instance.error?.message ?? whmcs.notReached)]),
    step(whmcs.read, mirrored, whmcs.readDone, whmcs.readOpen[mode]),
    step(whmcs.prove, verified, (when) => whmcs.proven(by === null ? '' : whmcs.proofBy[by], when), whmcs.proveText),
  ]
  return (
    <Card title={whmcs.setUp}>
      <div className="px-4 pt-3 pb-1">
        <p className="text-sm text-soft">{whmcs.setUpText}</p>
        <Steps steps={steps} words={words.connections.steps} />
      </div>
    </Card>
  )
}

/** The archive by a button, and what to do with it. */
function Install() {
  const { installText } = useWords().whmcs
  return (
    <div className="mt-1 flex flex-col items-start gap-2">
      <ModuleDownload />
      <ol className="list-decimal pl-5">
        {installText.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ol>
    </div>
  )
}

/** The code to paste into WHMCS, or the way to one. */
function Pair({ id }: { id: string }) {
  const words = useWords()
  const payymo = useApi()
  const act = useAct()
  const may = useMay('admin')
  const { code, keep } = usePairingCode(id)
  if (code !== undefined)
    return (
      <div className="mt-1 flex flex-col gap-2">
        <p>{words.whmcs.pairText}</p>
        <CopyText text={code} label={words.whmcs.code} />
      </div>
    )
  return (
    <div className="mt-1 flex flex-col items-start gap-2">
      <p>{words.whmcs.pairNeed}</p>
      {may && (
        <Button
          busy={act.busy}
          onClick={() =>
            void act.run(
              () => payymo.whmcsInstances.pairingCode(id),
              ({ pairing_code }) => keep(pairing_code),
            )
          }
        >
          {words.whmcs.makeCode}
        </Button>
      )}
      <Fault text={act.fault} />
    </div>
  )
}
