import { useEffect, useRef } from 'react'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Code } from '../../design/code.tsx'
import { saveFile } from '../../design/save-file.ts'

/** The recovery codes, in the page and not in a window, until somebody says that he has them. */
export function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  const { account } = useWords().settings
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const text = codes.join('\n')
  return (
    <section className="flex flex-col gap-3 rounded-xl border border-warn bg-warn-soft p-4 sm:p-5">
      <div>
        <h2 ref={heading} tabIndex={-1} className="text-base font-semibold outline-none">
          {account.codesTitle}
        </h2>
        <p className="text-sm">{account.codesText}</p>
      </div>
      <Code text={text} label={account.codesLabel} />
      <div className="flex flex-wrap gap-2">
        <Button onClick={() => saveFile('payymo-recovery-codes.txt', `${text}\n`, 'text/plain')}>
          {account.codesSave}
        </Button>
        <Button onClick={onDone}>{account.codesDone}</Button>
      </div>
    </section>
  )
}
