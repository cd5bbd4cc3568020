import { Ban, Check, EllipsisVertical, EyeOff, Keyboard, Search, Split, StickyNote, Undo2, X } from 'lucide-react'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Key } from '../../design/key.tsx'
import { Menu, MenuItem, MenuRule } from '../../design/menu.tsx'

/** What can be done with what is shown; what is not given cannot. */
export interface Acts {
  approve?: (() => void) | undefined
  reject?: (() => void) | undefined
  search?: (() => void) | undefined
  split?: (() => void) | undefined
  ignore?: (() => void) | undefined
  note?: (() => void) | undefined
  undo: () => void
  help: () => void
}

const icon = (Icon: typeof Check) => <Icon aria-hidden className="size-4" />

/** Every action as a button with its key on it; where it is narrow, the two that matter and a menu. */
export function ActionBar({
  acts,
  approveLabel,
  rejectLabel,
}: {
  acts: Acts
  approveLabel: string
  rejectLabel: string
}) {
  const words = useWords().review.act
  // Where nothing can be approved, finding it is what comes next.
  const findsFirst = !acts.approve && acts.search !== undefined
  const less = [
    { label: words.search, act: acts.search, key: 'm', icon: icon(Search) },
    { label: words.split, act: acts.split, key: 's', icon: icon(Split) },
    { label: words.ignore, act: acts.ignore, key: 'i', icon: icon(EyeOff) },
    { label: words.note, act: acts.note, key: 'n', icon: icon(StickyNote) },
  ]
  return (
    <div className="@container border-t border-line bg-surface">
      <div className="flex items-center gap-2 px-3 py-2.5 sm:px-4">
        {acts.approve && (
          <Button weight="primary" icon={icon(Check)} shortcut="a" onClick={acts.approve} className="max-md:flex-1">
            {approveLabel}
          </Button>
        )}
        {findsFirst && (
          <Button weight="primary" icon={icon(Search)} shortcut="m" onClick={acts.search} className="max-md:flex-1">
            {words.search}
          </Button>
        )}
        {acts.reject && (
          <Button icon={icon(X)} shortcut="r" onClick={acts.reject} className="max-md:flex-1">
            {rejectLabel}
          </Button>
        )}
        <div className="hidden items-center @min-[53rem]:flex">
          {less.map(
            ({ label, act, key }) =>
              act &&
              (key !== 'm' || !findsFirst) && (
                <Button key={key} weight="quiet" shortcut={key} onClick={act} className="px-2.5">
                  {label}
                </Button>
              ),
          )}
          <Button weight="quiet" shortcut="u" onClick={acts.undo} className="px-2.5">
            {words.undo}
          </Button>
        </div>
        <div className="@min-[53rem]:hidden">
          <Menu
            side="top"
            trigger={
              <Button weight="quiet" className="px-2.5">
                <EllipsisVertical aria-hidden className="size-4" />
                <span className="sr-only">{words.more}</span>
              </Button>
            }
          >
            {less.map(
              ({ label, act, key, icon }) =>
                act && (
                  <MenuItem key={key} icon={icon} onSelect={act}>
                    <Keyed label={label} print={key} />
                  </MenuItem>
                ),
            )}
            <MenuItem icon={icon(Undo2)} onSelect={acts.undo}>
              <Keyed label={words.undo} print="u" />
            </MenuItem>
            <MenuRule />
            <MenuItem icon={icon(Keyboard)} onSelect={acts.help}>
              <Keyed label={words.help} print="?" />
            </MenuItem>
          </Menu>
        </div>
      </div>
    </div>
  )
}

const Keyed = ({ label, print }: { label: string; print: string }) => (
  <>
    <span className="flex-1">{label}</span>
    <Key>{print}</Key>
  </>
)

export const NoRight = () => {
  const words = useWords().review
  return (
    <p className="flex items-center gap-2 border-t border-line bg-surface px-4 py-3 text-sm text-soft">
      <Ban aria-hidden className="size-4 shrink-0" />
      {words.mayNot}
    </p>
  )
}
