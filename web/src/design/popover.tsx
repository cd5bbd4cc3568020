import { Popover as Radix } from 'radix-ui'
import type { ReactNode } from 'react'

/** A small place under a button to type or choose in; Escape and a click elsewhere close it, and focus goes back. */
export const Popover = ({
  open,
  onOpen,
  trigger,
  label,
  children,
}: {
  open: boolean
  onOpen: (open: boolean) => void
  trigger: ReactNode
  label: string
  children: ReactNode
}) => (
  <Radix.Root open={open} onOpenChange={onOpen}>
    <Radix.Trigger asChild>{trigger}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content
        aria-label={label}
        align="start"
        sideOffset={6}
        collisionPadding={8}
        className="z-50 w-82 max-w-[calc(100vw-1rem)] rounded-xl border border-line bg-surface p-3 shadow-card"
      >
        {children}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
)
