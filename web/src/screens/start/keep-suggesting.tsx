import { useQueryClient } from '@tanstack/react-query'
import { useAct } from '../../app/act.ts'
import { useSeat } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Fault } from '../../design/fault.tsx'

/** Suggesting holds unless something else is chosen; here a person says that it is meant so. */
export function KeepSuggesting() {
  const { start: words } = useWords()
  const { payymo, tenant } = useSeat()
  const client = useQueryClient()
  const act = useAct()
  return (
    <>
      <Fault text={act.fault} />
      <Button
        busy={act.busy}
        onClick={() =>
          void act.run(
            () => payymo.tenants.update(tenant.id, { settings: { matching: { mode: 'suggest' } } }),
            (kept) => client.setQueryData(['tenant', tenant.id], kept),
          )
        }
      >
        {words.keepSuggesting}
      </Button>
    </>
  )
}
