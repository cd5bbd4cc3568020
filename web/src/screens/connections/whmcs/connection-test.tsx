import type { WhmcsConnectionTest } from '@payymo/sdk'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Card } from '../../../design/card.tsx'
import { Fault } from '../../../design/fault.tsx'
import { Steps } from '../../../design/steps.tsx'
import { Notice } from '../notice.tsx'

/** Goes the way to an installation step by step, and says what to do where it ends. */
export function ConnectionTest({ id }: { id: string }) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const act = useAct()
  const [result, setResult] = useState<WhmcsConnectionTest>()
  const run = () =>
    void act.run(
      () => payymo.whmcsInstances.test(id, { timeoutMs: 120_000, maxRetries: 0 }),
      (tested) => {
        setResult(tested)
        void client.invalidateQueries({ queryKey: ['whmcs-instances'] })
      },
    )
  return (
    <Card
      title={words.whmcs.testTitle}
      action={
        <Button busy={act.busy} onClick={run}>
          {words.whmcs.test}
        </Button>
      }
    >
      <div className="flex flex-col gap-3 p-4">
        {!result && <p className="text-soft">{words.whmcs.testText}</p>}
        <Fault text={act.fault} />
        {result && (
          <>
            <Notice tone={result.ok ? 'good' : 'bad'}>{result.ok ? words.whmcs.testWell : words.whmcs.testIll}</Notice>
            <Steps
              words={words.connections.steps}
              steps={result.steps.map(({ step, ok, message, remedy, needed_for: neededFor }) => ({
                title: titleOf(step, words.whmcs),
                state: ok ? 'done' : 'failed',
                text: ok ? undefined : (
                  <>
                    <p className="text-bad">{message}</p>
                    {remedy !== null && <p>{words.whmcs.remedies[step] ?? remedy}</p>}
                    {neededFor === 'taking_back' && <p className="text-faint">{words.whmcs.takingBack}</p>}
                  </>
                ),
              }))}
            />
          </>
        )}
      </div>
    </Card>
  )
}

function titleOf(step: string, whmcs: ReturnType<typeof useWords>['whmcs']): string {
  const action = /^permission_(.+)$/.exec(step)?.[1]
  return action === undefined ? (whmcs.tests[step] ?? step) : whmcs.permission(action)
}
