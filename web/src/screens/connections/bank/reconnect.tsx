import type { BankConnection } from '@payymo/sdk'
import { useAct } from '../../../app/act.ts'
import { useApi } from '../../../app/tenant.tsx'
import { useSpoken, useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Dialog } from '../../../design/dialog.tsx'
import { Fault } from '../../../design/fault.tsx'
import { comeBackTo, useLeaving } from '../leaving.ts'

/** Renews the consent of a bank: there and back. */
export function ReconnectDialog({ bank, open, onClose }: { bank: BankConnection; open: boolean; onClose: () => void }) {
  const words = useWords()
  const payymo = useApi()
  const { language } = useSpoken()
  const act = useAct()
  const { leaving, leave } = useLeaving()
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={words.banks.reconnectTitle}
      footer={
        <>
          <Button onClick={onClose}>{words.app.cancel}</Button>
          <Button
            weight="primary"
            busy={act.busy || leaving}
            onClick={() =>
              void act.run(
                () => payymo.bankConnections.reconnect(bank.id, { redirect_url: comeBackTo(), language }),
                ({ authorization_url: url }) => leave(url),
              )
            }
          >
            {leaving ? words.banks.choose.going : words.banks.choose.go}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3 text-soft">
        <p>{words.banks.reconnectText}</p>
        <Fault text={act.fault} />
      </div>
    </Dialog>
  )
}
