import { useWords } from '../app/words.tsx'
import { useFormats } from './format.ts'

/** How many rows a list has with its filters; nothing while that is not known. */
export function Count({
  query,
}: {
  query: {
    data?:
      | { pages: readonly { pagination: { total_items: number | null; total_capped: boolean | null } }[] }
      | undefined
  }
}) {
  const words = useWords()
  const formats = useFormats()
  const { total_items: total, total_capped: capped } = query.data?.pages[0]?.pagination ?? {}
  if (total == null) return null
  return (
    <span role="status" className="tabular text-sm text-soft">
      {words.states.rows(formats.count(total), capped === true)}
    </span>
  )
}
