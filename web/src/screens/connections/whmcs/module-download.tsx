import { Download } from 'lucide-react'
import { useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi } from '../../../app/tenant.tsx'
import { useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Fault } from '../../../design/fault.tsx'
import { saveFile } from '../../../design/save-file.ts'

/** Hands out the addon, in the version that belongs to this Payymo. */
export function ModuleDownload() {
  const { whmcs: words } = useWords()
  const payymo = useApi()
  const act = useAct()
  const [got, setGot] = useState<{ name: string; sha256: string }>()
  return (
    <>
      <Button
        busy={act.busy}
        icon={<Download aria-hidden className="size-4" />}
        onClick={() =>
          void act.run(
            () => payymo.whmcsModule.get(),
            (archive) => {
              saveFile(archive.name, bytesOf(archive.zip), 'application/zip')
              setGot(archive)
            },
          )
        }
      >
        {words.download}
      </Button>
      {got && (
        <p role="status" className="text-sm break-all text-faint">
          {words.downloaded(got.name)} <span className="font-mono text-xs">SHA-256 {got.sha256}</span>
        </p>
      )}
      <Fault text={act.fault} />
    </>
  )
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
