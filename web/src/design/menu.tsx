import { DropdownMenu } from 'radix-ui'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

const PANEL = 'z-50 min-w-52 rounded-xl border border-line bg-surface p-1.5 shadow-card'
const ITEM =
  'flex min-h-9 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 text-base outline-none data-[highlighted]:bg-sunken'

/** A menu under a button. Not modal: locking the page's scrolling would need a style that our policy forbids. */
export const Menu = ({
  trigger,
  children,
  side,
  startsOpen = false,
}: {
  trigger: ReactNode
  children: ReactNode
  side?: 'top' | 'bottom'
  startsOpen?: boolean
}) => (
  <DropdownMenu.Root modal={false} defaultOpen={startsOpen}>
    <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
    <DropdownMenu.Portal>
      <DropdownMenu.Content align="start" side={side ?? 'bottom'} sideOffset={6} collisionPadding={8} className={PANEL}>
        {children}
      </DropdownMenu.Content>
    </DropdownMenu.Portal>
  </DropdownMenu.Root>
)

export const MenuItem = ({
  icon,
  onSelect,
  children,
}: {
  icon?: ReactNode
  onSelect: () => void
  children: ReactNode
}) => (
  <DropdownMenu.Item onSelect={onSelect} className={ITEM}>
    {icon}
    {children}
  </DropdownMenu.Item>
)

/** One of several, of which one holds. */
export function MenuChoice<T extends string>({
  label,
  value,
  options,
  onChoose,
}: {
  label: string
  value: T
  options: readonly { value: T; label: string }[]
  onChoose: (value: T) => void
}) {
  return (
    <DropdownMenu.RadioGroup value={value} onValueChange={(next) => onChoose(next as T)}>
      <DropdownMenu.Label className="px-2.5 pt-1.5 pb-1 text-xs font-medium text-faint">{label}</DropdownMenu.Label>
      {options.map((option) => (
        <DropdownMenu.RadioItem key={option.value} value={option.value} className={classes(ITEM, 'justify-between')}>
          {option.label}
          <DropdownMenu.ItemIndicator aria-hidden>✓</DropdownMenu.ItemIndicator>
        </DropdownMenu.RadioItem>
      ))}
    </DropdownMenu.RadioGroup>
  )
}

export const MenuRule = () => <DropdownMenu.Separator className="my-1.5 h-px bg-line" />
