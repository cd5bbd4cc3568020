import type { ReactNode } from 'react'
import { useAct } from '../app/act.ts'
import { useWords } from '../app/words.tsx'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { Fault } from './fault.tsx'

/** Asks before what cannot be taken back, says what it means, and stays when it did not work. */
export function Confirm({
  open,
  onClose,
  title,
  children,
  label,
  danger = false,
  work,
}: {
  open: boolean
  onClose: () => void
  title: string
  children: ReactNode
  label: string
  danger?: boolean
  work: () => PromiseLike<unknown>
}) {
  const words = useWords()
  const act = useAct()
  const close = () => {
    act.clear()
    onClose()
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title={title}
      footer={
        <>
          <Button onClick={close}>{words.app.cancel}</Button>
          <Button weight={danger ? 'danger' : 'primary'} busy={act.busy} onClick={() => void act.run(work, close)}>
            {label}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 text-soft">
        {children}
        <Fault text={act.fault} />
      </div>
    </Dialog>
  )
}
