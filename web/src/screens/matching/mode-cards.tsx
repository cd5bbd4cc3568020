import { Bot, CircleOff, Ghost, Lightbulb } from 'lucide-react'
import { useWords } from '../../app/words.tsx'
import { Badge } from '../../design/badge.tsx'
import { Button } from '../../design/button.tsx'
import { classes } from '../../design/classes.ts'
import { type Mode, MODES } from './policy.ts'

const ICONS = { off: CircleOff, shadow: Ghost, suggest: Lightbulb, auto: Bot }

/** How much Payymo does by itself, as four cards of which one holds. Buttons and no radios: arrow keys must not switch anything on
 *  the way to another card. */
export function ModeCards({
  mode,
  busy,
  may,
  onChoose,
}: {
  mode: Mode
  /** What is being switched to at this moment. */
  busy: Mode | undefined
  may: boolean
  onChoose: (mode: Mode) => void
}) {
  const { matching: words } = useWords()
  return (
    <ul aria-label={words.modes.label} className="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">
      {MODES.map((each) => {
        const Icon = ICONS[each]
        const chosen = each === mode
        return (
          <li
            key={each}
            aria-current={chosen || undefined}
            className={classes(
              'flex flex-col gap-1.5 rounded-xl border bg-surface p-4',
              chosen ? 'border-brand ring-1 ring-brand' : 'border-line',
            )}
          >
            <h2 className="flex items-center gap-2 font-semibold">
              <Icon aria-hidden className={classes('size-4.5', chosen ? 'text-text' : 'text-faint')} />
              {words.modes[each].title}
            </h2>
            <p className="text-sm text-soft">{words.modes[each].text}</p>
            {(chosen || may) && (
              <div className="mt-auto flex min-h-11 items-end pt-2">
                {chosen ? (
                  <Badge tone="good">{words.modes.now}</Badge>
                ) : (
                  <Button
                    busy={busy === each}
                    disabled={busy !== undefined}
                    aria-label={each === 'auto' ? undefined : words.modes.switchTo(words.modes[each].title)}
                    onClick={() => onChoose(each)}
                  >
                    {each === 'auto' ? words.modes.look : words.modes.choose}
                  </Button>
                )}
              </div>
            )}
          </li>
        )
      })}
    </ul>
  )
}
