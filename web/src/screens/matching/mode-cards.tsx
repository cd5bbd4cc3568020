import { Bot, CircleOff, Ghost, Lightbulb } from 'lucide-react'
import { useId } from 'react'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../design/badge.tsx'
import { classes } from '../../design/classes.ts'
import { type Mode, MODES } from './policy.ts'

const ICONS = { off: CircleOff, shadow: Ghost, suggest: Lightbulb, auto: Bot }

/** How much Payymo does by itself, as four cards of which one holds. */
export function ModeCards({
  mode,
  busy,
  disabled,
  onChoose,
}: {
  mode: Mode
  /** What is being switched to at this moment. */
  busy: Mode | undefined
  disabled: boolean
  onChoose: (mode: Mode) => void
}) {
  const { matching: words } = useWords()
  const name = useId()
  return (
    <fieldset disabled={disabled}>
      <legend className="sr-only">{words.modes.label}</legend>
      <div className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
        {MODES.map((each) => {
          const Icon = ICONS[each]
          const chosen = each === mode
          return (
            <label
              key={each}
              className={classes(
                'relative flex flex-col gap-1.5 rounded-xl border bg-surface p-4 has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus',
                chosen ? 'border-brand ring-1 ring-brand' : 'border-line',
                !chosen && !disabled && 'cursor-pointer hover:border-line-strong hover:bg-sunken',
                !chosen && disabled && 'opacity-60',
              )}
            >
              <span className="flex items-center gap-2">
                <input
                  type="radio"
                  name={name}
                  checked={chosen}
                  aria-describedby={`${name}-${each}`}
                  onChange={() => onChoose(each)}
                  className="size-4 shrink-0 accent-(--brand) outline-none"
                />
                <span className="font-semibold">{words.modes[each].title}</span>
                <Icon aria-hidden className={classes('ml-auto size-4.5', chosen ? 'text-text' : 'text-faint')} />
              </span>
              <span id={`${name}-${each}`} className="text-sm text-soft">
                {words.modes[each].text}
              </span>
              <span className="mt-auto pt-1">
                {busy === each ? (
                  <Badge tone="info">{words.modes.switching}</Badge>
                ) : (
                  chosen && <Badge tone="good">{words.modes.now}</Badge>
                )}
              </span>
            </label>
          )
        })}
      </div>
    </fieldset>
  )
}
