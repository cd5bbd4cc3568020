import type { AuditVerdict } from '@payymo/sdk'
import { ShieldAlert, ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { useAct } from '../../app/act.ts'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { classes } from '../../design/classes.ts'
import { Fault } from '../../design/fault.tsx'
import { useFormats } from '../../design/format.ts'

/** Walks the whole chain and says in words what that found. */
export function useVerify() {
  const { audit } = useWords()
  const formats = useFormats()
  const payymo = useApi()
  const act = useAct()
  const [verdict, setVerdict] = useState<AuditVerdict>()
  const Shield = verdict?.valid === false ? ShieldAlert : ShieldCheck
  return {
    button: (
      <Button
        busy={act.busy}
        icon={<ShieldCheck aria-hidden className="size-4" />}
        onClick={() => {
          setVerdict(undefined)
          void act.run(() => payymo.auditEvents.verify(), setVerdict)
        }}
      >
        {audit.verify}
      </Button>
    ),
    said: (
      <div role="status" className="empty:hidden">
        {act.busy && <p className="mb-4 text-soft">{audit.verifying}</p>}
        {act.fault !== undefined && (
          <div className="mb-4">
            <Fault text={act.fault} />
          </div>
        )}
        {verdict && (
          <p
            className={classes(
              'mb-4 flex items-start gap-2.5 rounded-xl px-4 py-3 font-medium',
              verdict.valid ? 'bg-good-soft text-good' : 'bg-bad-soft text-bad',
            )}
          >
            <Shield aria-hidden className="mt-0.5 size-4 shrink-0" />
            {verdict.valid
              ? audit.whole(formats.count(verdict.checked))
              : audit.broken(formats.count(verdict.first_broken ?? verdict.checked + 1))}
          </p>
        )}
      </div>
    ),
  }
}
