import { PayymoError } from '@payymo/sdk'
import { createContext, type FormEvent, type ReactNode, useCallback, useContext, useRef, useState } from 'react'
import { Button } from '../design/button.tsx'
import { Dialog } from '../design/dialog.tsx'
import { Field } from '../design/field.tsx'
import { AuthError, confirmPassword } from './session.ts'
import { useSeat } from './tenant.tsx'
import { useWords } from './words.tsx'

type WithFresh = <T>(work: () => Promise<T>) => Promise<T>

const Context = createContext<WithFresh | undefined>(undefined)

/** The person did not want to type the password: nothing was done, and nothing needs to be said. */
export class Declined extends Error {
  override readonly name = 'Declined'
}

const wantsFresh = (error: unknown): boolean =>
  error instanceof AuthError
    ? error.reason === 'fresh_sign_in_required'
    : error instanceof PayymoError && error.details.some(({ issue }) => issue === 'fresh_sign_in_required')

/** Keys, members and secrets want a password typed within ten minutes. Work that is refused for that asks for it in a window, and
 *  then goes on: nothing typed is lost. */
export function FreshSignIn({ children }: { children: ReactNode }) {
  const words = useWords()
  const { session } = useSeat()
  const waiting = useRef<{ resolve: () => void; reject: (why: unknown) => void }>(undefined)
  const [open, setOpen] = useState(false)
  const [given, setGiven] = useState({ password: '', code: '' })
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()

  const withFresh = useCallback<WithFresh>(async (work) => {
    try {
      return await work()
    } catch (error) {
      if (!wantsFresh(error)) throw error
    }
    await new Promise<void>((resolve, reject) => {
      waiting.current = { resolve, reject }
      setOpen(true)
    })
    return work()
  }, [])
  const end = (how: 'resolve' | 'reject') => {
    setOpen(false)
    setGiven({ password: '', code: '' })
    setFault(undefined)
    if (how === 'resolve') waiting.current?.resolve()
    else waiting.current?.reject(new Declined())
    waiting.current = undefined
  }
  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    try {
      const code = given.code.trim()
      await confirmPassword({ password: given.password, ...(code === '' ? {} : { code }) })
      end('resolve')
    } catch (error) {
      setFault(error instanceof AuthError && error.status === 401 ? words.fresh.wrong : words.states.failedText)
    } finally {
      setBusy(false)
    }
  }
  return (
    <Context value={withFresh}>
      {children}
      <Dialog open={open} onClose={() => waiting.current && end('reject')} title={words.fresh.title}>
        <form onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
          <p className="text-soft">{words.fresh.text}</p>
          <Field
            label={words.signIn.password}
            type="password"
            autoComplete="current-password"
            required
            autoFocus
            value={given.password}
            onChange={(event) => setGiven({ ...given, password: event.target.value })}
            fault={fault}
          />
          {session.second_factor && (
            <Field
              label={words.signIn.code}
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              value={given.code}
              onChange={(event) => setGiven({ ...given, code: event.target.value })}
            />
          )}
          <Button type="submit" weight="primary" busy={busy} className="self-end">
            {words.fresh.submit}
          </Button>
        </form>
      </Dialog>
    </Context>
  )
}

export function useFresh(): WithFresh {
  const withFresh = useContext(Context)
  if (!withFresh) throw new Error('outside of FreshSignIn')
  return withFresh
}
