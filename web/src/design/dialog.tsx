import { X } from 'lucide-react'
import { type ReactNode, useEffect, useId, useRef } from 'react'
import { useWords } from '../app/words.tsx'
import { classes } from './classes.ts'

/** A window over the page, as the browser makes it: focus stays inside, Escape closes, and focus goes back. `side`: it comes in
 *  from the right and takes the height, for details beside a list. */
export function Dialog({
  open,
  onClose,
  title,
  children,
  footer,
  side = false,
}: {
  open: boolean
  onClose: () => void
  title: string
  children: ReactNode
  footer?: ReactNode
  side?: boolean
}) {
  const words = useWords()
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (!open) return dialog.current?.close()
    dialog.current?.showModal()
    // What says so by `data-first`, else the first place to type or choose; nothing inside could take the focus until now.
    const first = (choice: string) => dialog.current?.querySelector<HTMLElement>(choice)
    ;(first('[data-first]') ?? first(':is(input, textarea, select):enabled'))?.focus()
  }, [open])
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- Escape closes it too
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
      className={classes(
        'max-h-none border border-line bg-surface p-0 text-text shadow-card open:flex',
        side
          ? 'fixed inset-y-0 right-0 left-auto m-0 h-dvh w-full max-w-xl border-y-0 border-r-0'
          : 'm-auto w-[calc(100%-2rem)] max-w-lg rounded-2xl',
      )}
    >
      {open && (
        <div className={classes('flex min-w-0 flex-1 flex-col', side ? 'h-full' : 'max-h-[85dvh]')}>
          <header className="flex min-h-14 items-center justify-between gap-3 border-b border-line px-5">
            <h2 id={id} className="min-w-0 truncate text-lg font-semibold">
              {title}
            </h2>
            <button
              type="button"
              onClick={onClose}
              className="-mr-2 inline-flex size-9 items-center justify-center rounded-lg text-soft hover:bg-sunken hover:text-text"
            >
              <X aria-hidden className="size-4" />
              <span className="sr-only">{words.app.close}</span>
            </button>
          </header>
          <div className="flex-1 overflow-y-auto p-5">{children}</div>
          {footer !== undefined && (
            <footer className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{footer}</footer>
          )}
        </div>
      )}
    </dialog>
  )
}
