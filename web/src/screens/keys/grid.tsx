import { useId } from 'react'
import { useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Check } from '../../design/check.tsx'
import { Switch } from '../../design/switch.tsx'
import { ACTIONS, countOf, type Permission, permissionOf, RESOURCES, setColumn, setOne } from './permissions.ts'

/** What a program may: everything, or read and write of each thing. Nobody gives more than he holds, so everything is for owners. */
export function PermissionGrid({
  value,
  onChange,
  fault,
}: {
  value: readonly Permission[]
  onChange: (value: Permission[]) => void
  fault: string | undefined
}) {
  const words = useWords()
  const id = useId()
  const owner = useMay('owner')
  const all = value.includes('*')
  return (
    <fieldset aria-describedby={fault === undefined ? undefined : id} className="flex flex-col gap-3">
      <legend className="mb-2 text-sm font-medium">{words.keys.permissions}</legend>
      {(owner || all) && (
        <Switch
          label={words.keys.everything}
          hint={words.keys.everythingHint}
          checked={all}
          onChange={(wanted) => onChange(wanted ? ['*'] : [])}
        />
      )}
      {fault !== undefined && (
        <p id={id} role="alert" className="text-sm text-bad">
          {fault}
        </p>
      )}
      {!all && (
        <div className="rounded-lg border border-line">
          <table className="w-full">
            <thead>
              <tr className="border-b border-line text-xs text-faint">
                <th scope="col" className="px-3 py-2 text-left font-medium">
                  {words.keys.resource}
                </th>
                {ACTIONS.map((action) => (
                  <th key={action} scope="col" className="w-20 px-2 py-2 font-medium">
                    <span aria-hidden>{words.keys[action]}</span>
                    <Check
                      hidden
                      label={`${words.keys[action]}: ${words.keys.everything}`}
                      checked={countOf(value, action) === RESOURCES.length}
                      some={countOf(value, action) > 0}
                      onChange={(wanted) => onChange(setColumn(value, action, wanted))}
                    />
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {RESOURCES.map((resource) => (
                <tr key={resource} className="border-b border-line last:border-0">
                  <th scope="row" className="px-3 py-1 text-left font-normal">
                    {words.keys.resources[resource]}
                  </th>
                  {ACTIONS.map((action) => (
                    <td key={action} className="px-2 py-1">
                      <Check
                        hidden
                        label={`${words.keys.resources[resource]}: ${words.keys[action]}`}
                        checked={value.includes(permissionOf(resource, action))}
                        onChange={(wanted) => onChange(setOne(value, permissionOf(resource, action), wanted))}
                      />
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
          <p className="border-t border-line px-3 py-2 text-sm text-faint">{words.keys.noteWrite}</p>
        </div>
      )}
    </fieldset>
  )
}

/** What a program may, in a line. */
export function May({ permissions }: { permissions: readonly string[] }) {
  const { everything, some } = useWords().keys
  return permissions.includes('*') ? everything : some(countOf(permissions, 'read'), countOf(permissions, 'write'))
}

/** What a program may, thing by thing. */
export function MayAll({ permissions }: { permissions: readonly string[] }) {
  const { keys } = useWords()
  if (permissions.includes('*')) return keys.everything
  return (
    <ul>
      {RESOURCES.map((resource) => {
        const held = ACTIONS.filter((action) => permissions.includes(permissionOf(resource, action)))
        return (
          held.length > 0 && (
            <li key={resource}>
              {keys.resources[resource]}
              <span className="text-faint">: {held.map((action) => keys[action].toLocaleLowerCase()).join(', ')}</span>
            </li>
          )
        )
      })}
    </ul>
  )
}
