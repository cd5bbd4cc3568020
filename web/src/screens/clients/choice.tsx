import { FilterChoice } from '../../design/filters.tsx'
import { useClientName } from './name.ts'

/** In a list of what belongs to a client: whose it is. It is chosen on the page of the client, and cleared here. */
export function ClientChoice({ label, id, onClear }: { label: string; id: string; onClear: () => void }) {
  const name = useClientName(id)
  return <FilterChoice label={label} value={id} options={[{ value: id, label: name ?? '…' }]} onChoose={onClear} />
}
