import { Download } from 'lucide-react'
import { useAct } from '../app/act.ts'
import { useWords } from '../app/words.tsx'
import { Button } from './button.tsx'
import { saveFile } from './save-file.ts'

/** What is filtered, as a file. What went wrong stands beside the button. */
export function ExportButton({ name, read }: { name: string; read: () => PromiseLike<string> }) {
  const words = useWords()
  const act = useAct()
  return (
    <>
      {act.fault !== undefined && (
        <p role="alert" className="text-sm text-bad">
          {act.fault}
        </p>
      )}
      <Button
        busy={act.busy}
        icon={<Download aria-hidden className="size-4" />}
        onClick={() => void act.run(read, (csv) => saveFile(name, csv, 'text/csv'))}
      >
        {words.transactions.export}
      </Button>
    </>
  )
}
