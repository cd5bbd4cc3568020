import { FileText, X } from 'lucide-react'
import { useState } from 'react'
import { useWords } from '../../../app/words.tsx'
import { Badge } from '../../../design/badge.tsx'
import { Button, Spinner } from '../../../design/button.tsx'
import { useFormats } from '../../../design/format.ts'
import type { Mapping } from './csv-head.ts'
import { ImportResult } from './import-result.tsx'
import { MappingForm } from './mapping.tsx'
import type { Upload } from './uploads.ts'

/** One file: how far it is, and what became of it. */
export function UploadItem({
  upload,
  currency,
  onAgain,
  onRemove,
}: {
  upload: Upload
  currency: string | undefined
  onAgain: (mapping?: Mapping) => void
  onRemove: () => void
}) {
  const words = useWords()
  const { file, state, result, fault } = upload
  const ended = state === 'done' || state === 'failed'
  return (
    <li className="flex flex-col gap-3 px-4 py-3">
      <div className="flex items-center gap-3">
        <FileText aria-hidden className="size-4 shrink-0 text-faint" />
        <p className="min-w-0 flex-1 truncate font-medium">{file.name}</p>
        <UploadState upload={upload} />
        {ended && (
          <button
            type="button"
            onClick={onRemove}
            className="-mr-2 inline-flex size-8 items-center justify-center rounded-lg text-soft hover:bg-sunken hover:text-text"
          >
            <X aria-hidden className="size-4" />
            <span className="sr-only">
              {words.banks.upload.remove}: {file.name}
            </span>
          </button>
        )}
      </div>
      {state === 'done' && result && <ImportResult result={result} currency={currency} />}
      {state === 'failed' && fault && <Refused upload={upload} onAgain={onAgain} />}
    </li>
  )
}

function UploadState({ upload: { state, result, wants, far } }: { upload: Upload }) {
  const { upload, imports } = useWords().banks
  const formats = useFormats()
  if (state === 'waiting') return <Badge>{upload.waiting}</Badge>
  if (state === 'failed')
    return wants && wants.length > 0 ? (
      <Badge tone="warn">{upload.question}</Badge>
    ) : (
      <Badge tone="bad">{upload.failed}</Badge>
    )
  if (state === 'done') {
    return result?.created === 0 ? <Badge>{upload.nothingNew}</Badge> : <Badge tone="good">{upload.done}</Badge>
  }
  return (
    <span role="status" className="inline-flex items-center gap-2 text-sm text-soft">
      <Spinner />
      {far && far.entries > 0 ? imports.far(formats.count(far.recorded), formats.count(far.entries)) : upload.working}
    </span>
  )
}

/** Why the file was not taken, and the way on: its columns where it is a table, another try otherwise. */
function Refused({ upload, onAgain }: { upload: Upload; onAgain: (mapping?: Mapping) => void }) {
  const words = useWords()
  const { fault, head, wants = [] } = upload
  const [asking, setAsking] = useState(wants.length > 0)
  return (
    <div className="flex flex-col gap-3">
      {wants.length === 0 && (
        <div role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad">
          <p>{fault?.message}</p>
          {fault?.unreadable && <p>{words.banks.upload.hint}</p>}
        </div>
      )}
      {head && asking && <MappingForm head={head} wants={wants} onSubmit={onAgain} />}
      {!asking && !fault?.unreadable && (
        <div className="flex flex-wrap gap-2">
          {head ? (
            <Button onClick={() => setAsking(true)}>{words.banks.mapping.ask}</Button>
          ) : (
            <Button onClick={() => onAgain()}>{words.banks.upload.retry}</Button>
          )}
        </div>
      )}
    </div>
  )
}
