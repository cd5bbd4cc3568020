import type { BankConnection } from '@payymo/sdk'
import { FileUp } from 'lucide-react'
import { type DragEvent, useEffect, useId, useRef, useState } from 'react'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Card } from '../../../design/card.tsx'
import { classes } from '../../../design/classes.ts'
import { UploadItem } from './upload-item.tsx'
import { useUploads } from './uploads.ts'

const TYPES = '.xml,.camt,.zip,.sta,.mt940,.940,.ofx,.qfx,.csv,.txt'

/** Statement files by drag or button, and what became of each. */
export function Uploads({ bank }: { bank: BankConnection }) {
  const words = useWords()
  const { uploads, add, again, remove } = useUploads(bank.id)
  const done = uploads.filter(({ state }) => state === 'done' || state === 'failed').length
  const busy = done < uploads.length
  useEffect(() => {
    if (!busy) return
    // Whoever closes the window in the middle is asked first.
    const ask = (event: BeforeUnloadEvent) => event.preventDefault()
    addEventListener('beforeunload', ask)
    return () => removeEventListener('beforeunload', ask)
  }, [busy])
  const currency = new Set(bank.accounts.map((account) => account.currency))
  return (
    <Card
      title={words.banks.upload.title}
      action={
        <span role="status" className="tabular text-sm text-soft">
          {busy && words.banks.upload.progress(done + 1, uploads.length)}
        </span>
      }
    >
      <div className="p-4">
        <DropPlace onFiles={add} />
      </div>
      {uploads.length > 0 && (
        <ul className="divide-y divide-line border-t border-line">
          {uploads.map((upload) => (
            <UploadItem
              key={upload.key}
              upload={upload}
              currency={currency.size === 1 ? [...currency][0] : undefined}
              onAgain={(mapping) => again(upload, mapping)}
              onRemove={() => remove(upload.key)}
            />
          ))}
        </ul>
      )}
    </Card>
  )
}

function DropPlace({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  const words = useWords()
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const drag = (entered: boolean) => (event: DragEvent) => {
    event.preventDefault()
    setOver(entered)
  }
  return (
    // oxlint-disable-next-line jsx-a11y/no-static-element-interactions -- the button inside does the same by keys
    <div
      onDragOver={drag(true)}
      onDragLeave={drag(false)}
      onDrop={(event) => {
        drag(false)(event)
        onFiles([...event.dataTransfer.files])
      }}
      className={classes(
        'flex flex-col items-center gap-3 rounded-xl border border-dashed px-4 py-8 text-center transition-colors',
        over ? 'border-brand bg-sunken' : 'border-line-strong',
      )}
    >
      <FileUp aria-hidden className="size-6 text-faint" />
      <div>
        <p className="font-medium max-sm:hidden">{words.banks.upload.drop}</p>
        <p id={`${id}-formats`} className="text-sm text-soft">
          {words.banks.upload.formats}
        </p>
      </div>
      <input
        ref={input}
        type="file"
        multiple
        accept={TYPES}
        tabIndex={-1}
        aria-hidden
        className="sr-only"
        onChange={(event) => {
          onFiles([...(event.target.files ?? [])])
          // The same file may be chosen again.
          event.target.value = ''
        }}
      />
      <Button weight="primary" aria-describedby={`${id}-formats`} onClick={() => input.current?.click()}>
        {words.banks.upload.choose}
      </Button>
      <p className="text-sm text-faint">{words.banks.upload.again}</p>
    </div>
  )
}
