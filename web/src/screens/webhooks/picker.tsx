import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Check } from '../../design/check.tsx'
import { Failed, Waiting } from '../../design/states.tsx'
import { Switch } from '../../design/switch.tsx'
import { groupTypes, type Patterns, setGroup, setType, wants } from './events.ts'
import { eventTypesQuery } from './queries.ts'

/** What a webhook is told: everything, whole groups, or single types. */
export function EventPicker({
  value,
  onChange,
  fault,
}: {
  value: Patterns
  onChange: (value: string[]) => void
  fault: string | undefined
}) {
  const words = useWords()
  const id = useId()
  const types = useQuery(eventTypesQuery(useApi()))
  const all = value.includes('*')
  return (
    <fieldset aria-describedby={fault === undefined ? undefined : `${id}-fault`} className="flex flex-col gap-3">
      <legend className="mb-2 text-sm font-medium">{words.webhooks.events}</legend>
      <Switch label={words.webhooks.everything} checked={all} onChange={(wanted) => onChange(wanted ? ['*'] : [])} />
      {fault !== undefined && (
        <p id={`${id}-fault`} role="alert" className="text-sm text-bad">
          {fault}
        </p>
      )}
      {!all && types.isPending && <Waiting rows={4} label={words.states.loading} />}
      {!all && types.isError && <Failed error={types.error} again={() => void types.refetch()} />}
      {!all &&
        groupTypes(types.data?.data ?? []).map(([group, ofGroup]) => {
          const names = ofGroup.map(({ event_type }) => event_type)
          const title = words.webhooks.groups[group] ?? group
          return (
            <div key={group} className="rounded-lg border border-line px-3 py-1.5">
              <Check
                label={
                  <span className="font-medium">{names.length > 1 ? words.webhooks.wholeGroup(title) : title}</span>
                }
                checked={value.includes(`${group}.*`)}
                some={names.some((name) => wants(value, name))}
                onChange={(wanted) => onChange(setGroup(value, group, wanted))}
              />
              <div className="border-l border-line pl-3 sm:ml-2">
                {ofGroup.map(({ event_type, description }) => (
                  <Check
                    key={event_type}
                    label={<span className="font-mono text-sm">{event_type}</span>}
                    hint={words.webhooks.described[event_type] ?? description}
                    checked={wants(value, event_type)}
                    onChange={(wanted) => onChange(setType(value, event_type, wanted, names))}
                  />
                ))}
              </div>
            </div>
          )
        })}
    </fieldset>
  )
}
