import { useWords } from '../../app/words.tsx'
import { Dialog } from '../../design/dialog.tsx'
import { Switch } from '../../design/switch.tsx'

const PRINT =
  'inline-flex h-6 min-w-6 items-center justify-center rounded border border-line-strong bg-sunken px-1.5 font-mono text-xs'

/** All keys, and the switch that turns them off. */
export function Help({
  open,
  onClose,
  on,
  setOn,
}: {
  open: boolean
  onClose: () => void
  on: boolean
  setOn: (on: boolean) => void
}) {
  const words = useWords().review.keys
  return (
    <Dialog open={open} onClose={onClose} title={words.title}>
      <div className="flex flex-col gap-5">
        {(['move', 'decide', 'other'] as const).map((group) => (
          <section key={group}>
            <h3 className="mb-1.5 text-sm font-medium text-faint">{words.groups[group]}</h3>
            <dl className="flex flex-col">
              {words.list[group].map(([key, text]) => (
                <div key={key} className="flex min-h-8 items-center justify-between gap-4">
                  <dt>{text}</dt>
                  <dd>
                    <kbd className={PRINT}>{key}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <div className="border-t border-line pt-4">
          <Switch label={words.on} hint={words.onHint} checked={on} onChange={setOn} />
        </div>
      </div>
    </Dialog>
  )
}
