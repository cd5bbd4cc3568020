import { useWords } from '../../app/words.tsx'

/** The place of the two sides while they are fetched. */
export function PaneWaiting() {
  const { loading } = useWords().states
  return (
    <div role="status" aria-label={loading} className="mx-auto w-full max-w-5xl p-3 sm:p-4">
      <div className="mb-3 flex h-9 items-center px-1">
        <Bone className="h-4 w-32" />
      </div>
      <div className="grid gap-3 md:grid-cols-2 md:gap-x-9">
        {['line', 'invoice'].map((side) => (
          <div key={side} className="divide-y divide-line rounded-xl border border-line bg-surface">
            {['w-24', 'w-32', 'w-40', 'w-52', 'w-28', 'w-20'].map((width) => (
              <div key={width} className="flex h-14 items-center gap-3 px-4">
                <Bone className="h-3 w-12" />
                <Bone className={`h-3 ${width}`} />
              </div>
            ))}
          </div>
        ))}
      </div>
    </div>
  )
}

const Bone = ({ className }: { className: string }) => (
  <span className={`block animate-pulse rounded bg-sunken ${className}`} />
)
