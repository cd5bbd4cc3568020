import type { WhmcsInstanceDetails } from '@payymo/sdk'
import { useWords } from '../../../app/words.tsx'
import { Card } from '../../../design/card.tsx'
import { Facts } from '../../../design/facts.tsx'
import { useFormats } from '../../../design/format.ts'
import { ModuleDownload } from './module-download.tsx'

/** What the module inside WHMCS told of itself, and what waits for its next call. */
export function ModuleFacts({ module }: { module: NonNullable<WhmcsInstanceDetails['module']> }) {
  const { whmcs } = useWords()
  const formats = useFormats()
  const words = whmcs.moduleFacts
  const ago = (at: string | null) => at && `${formats.moment(at)} (${formats.ago(at)})`
  const { payments, undos, invoices } = module.waiting
  const waiting = [
    payments > 0 && words.payments(payments),
    undos > 0 && words.undos(undos),
    invoices > 0 && words.invoices(invoices),
  ].filter((part) => part !== false)
  return (
    <Card title={whmcs.module}>
      <div className="p-4">
        <Facts
          facts={[
            [words.paired, module.paired_at === null ? words.notPaired : formats.moment(module.paired_at)],
            [words.called, ago(module.last_called_at)],
            [words.cron, ago(module.cron_last_at)],
            [words.pushed, ago(module.last_push_at)],
            [words.version, module.module_version],
            [words.php, module.php_version],
            [
              words.waiting,
              module.paired_at === null ? null : waiting.length === 0 ? words.nothingWaits : waiting.join(', '),
            ],
          ]}
        />
        {module.paired_at !== null && (
          <div className="mt-4 flex flex-col items-start gap-2">
            <ModuleDownload />
          </div>
        )}
      </div>
    </Card>
  )
}
