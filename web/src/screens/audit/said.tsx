import type { AuditEvent } from '@payymo/sdk'
import { useWords } from '../../app/words.tsx'
import { classes } from '../../design/classes.ts'

/** What was done to what, in words: `match.approve` is `Match approved`. */
export function useSaid(): (row: AuditEvent) => string {
  const { things, verbs } = useWords().audit
  const spaced = (word: string) => word.replaceAll('_', ' ')
  return ({ action }) => {
    const dot = action.indexOf('.')
    const [thing, verb] = dot < 0 ? ['', action] : [action.slice(0, dot), action.slice(dot + 1)]
    const said = `${things[thing] ?? spaced(thing)} ${verbs[verb] ?? spaced(verb)}`.trim()
    return said.charAt(0).toUpperCase() + said.slice(1)
  }
}

/** Refused attempts stand out. */
export function Done({ row }: { row: AuditEvent }) {
  const said = useSaid()
  return <span className={classes(row.action.endsWith('.refuse') && 'text-bad')}>{said(row)}</span>
}

/** Who it was: a name, or what kind of actor where that says as much. */
export function Actor({ row: { actor } }: { row: AuditEvent }) {
  const words = useWords().audit.actor
  if (actor.type === 'system') return words.system
  return (
    <>
      {actor.name || actor.id}
      {actor.type !== 'user' && <span className="text-faint"> · {words[actor.type]}</span>}
    </>
  )
}
