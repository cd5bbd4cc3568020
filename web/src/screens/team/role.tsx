import { useMay } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Radios } from '../../design/radios.tsx'
import { type Role, ROLES } from './filters.ts'

/** A role in words: what each may. Only owners give or take the role of an owner. */
export function RoleChoice({
  value,
  onChange,
  disabled,
}: {
  value: Role
  onChange: (role: Role) => void
  disabled?: boolean
}) {
  const { team } = useWords()
  const owner = useMay('owner')
  return (
    <Radios
      label={team.role}
      value={value}
      disabled={disabled === true}
      onChange={onChange}
      options={ROLES.map((role) => ({
        value: role,
        label: team.roles[role],
        hint: team.may[role],
        disabled: role === 'owner' && !owner,
      }))}
    />
  )
}
