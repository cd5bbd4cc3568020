import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { type Step, Steps } from '../../design/steps.tsx'
import { KeepSuggesting } from './keep-suggesting.tsx'
import { type Standing, STEPS, type StepName } from './progress.ts'

const LOOK =
  'inline-flex min-h-9 items-center self-start rounded-lg border border-line-strong bg-surface px-3 font-medium whitespace-nowrap hover:bg-sunken'

/** Each step with how far it is, and the way to where it is done. */
export function Checklist({ standings }: { standings: Record<StepName, Standing> }) {
  const { start: words } = useWords()
  const may = useMay('admin')
  const steps: Step[] = STEPS.map((name) => ({
    title: words.steps[name].title,
    state: standings[name] === 'done' ? 'done' : 'open',
    text: (
      <>
        {words.steps[name][standings[name]]}
        {may && name === 'policy' && standings.policy !== 'done' && (
          <div className="mt-2 text-text">
            <KeepSuggesting />
          </div>
        )}
      </>
    ),
    action: may && <Way name={name} standing={standings[name]} />,
  }))
  return <Steps steps={steps} words={words.marks} />
}

function Way({ name, standing }: { name: StepName; standing: Standing }): ReactNode {
  const { start: words } = useWords()
  const done = standing === 'done'
  const text = done ? words.see : words.steps[name].action
  const look = done ? 'inline-flex min-h-9 items-center self-start px-3 text-soft hover:text-text' : LOOK
  switch (name) {
    case 'bank':
      return (
        <Link to="/connections" search={standing === 'open' ? { add: 'bank' } : {}} className={look}>
          {text}
        </Link>
      )
    case 'billing':
      return (
        <Link to="/connections" search={standing === 'open' ? { add: 'whmcs' } : {}} className={look}>
          {text}
        </Link>
      )
    case 'policy':
      return (
        <Link to="/matching" className={look}>
          {text}
        </Link>
      )
    case 'webhook':
      return (
        <Link to="/webhooks" className={look}>
          {text}
        </Link>
      )
  }
}
