import { useQueryClient } from '@tanstack/react-query'
import { useRouter, useSearch } from '@tanstack/react-router'
import { type FormEvent, useEffect, useState } from 'react'
import { useLook } from '../../app/branding.ts'
import { AuthError, signIn } from '../../app/session.ts'
import { useWords } from '../../app/words.tsx'
import { Button } from '../../design/button.tsx'
import { Field } from '../../design/field.tsx'

/** The door. What was typed stays whatever happens; a second factor is asked for only behind the right password. */
export function SignIn() {
  const words = useWords()
  const { back, expired } = useSearch({ from: '/sign-in' })
  const client = useQueryClient()
  const router = useRouter()
  const { productName, logoUrl } = useLook()
  useEffect(() => {
    document.title = `${words.signIn.title} · ${productName}`
  }, [words, productName])
  const [given, setGiven] = useState({ email: '', password: '', code: '' })
  const [asksCode, setAsksCode] = useState(false)
  const [busy, setBusy] = useState(false)
  const [fault, setFault] = useState<string>()
  const type = (field: keyof typeof given) => (event: { target: { value: string } }) =>
    setGiven((before) => ({ ...before, [field]: event.target.value }))

  async function submit(event: FormEvent) {
    event.preventDefault()
    setBusy(true)
    setFault(undefined)
    try {
      await signIn({ email: given.email, password: given.password, ...(asksCode ? { code: given.code.trim() } : {}) })
      client.clear()
      router.history.replace(back ?? '/')
    } catch (error) {
      if (!(error instanceof AuthError)) throw error
      if (error.reason === 'second_factor_required') setAsksCode(true)
      else setFault(faultOf(error))
    } finally {
      setBusy(false)
    }
  }
  const faultOf = ({ status, reason, message }: AuthError): string => {
    if (reason === 'second_factor_invalid') return words.signIn.wrongCode
    if (status === 401) return words.signIn.wrong
    if (status === 429) return words.signIn.slow
    return status === 0 ? words.states.offlineText : message
  }

  return (
    <main className="flex min-h-dvh items-center justify-center p-4">
      <form
        onSubmit={(event) => void submit(event)}
        className="w-full max-w-sm rounded-2xl border border-line bg-surface p-6 shadow-card sm:p-8"
      >
        <p className="mb-5 flex items-center gap-3 text-lg font-semibold">
          <img src={logoUrl} alt="" className="size-8 rounded-lg object-contain" />
          <span className="min-w-0 truncate">{productName}</span>
        </p>
        <h1 className="mb-5 text-xl font-semibold">{words.signIn.title}</h1>
        {expired === true && (
          <p className="mb-4 rounded-lg bg-info-soft p-3 text-sm text-info">{words.signIn.expired}</p>
        )}
        <div className="flex flex-col gap-4">
          <Field
            label={words.signIn.email}
            type="email"
            name="email"
            autoComplete="username"
            required
            autoFocus
            value={given.email}
            onChange={type('email')}
          />
          <Field
            label={words.signIn.password}
            type="password"
            name="password"
            autoComplete="current-password"
            required
            value={given.password}
            onChange={type('password')}
          />
          {asksCode && (
            <Field
              label={words.signIn.code}
              hint={words.signIn.codeText}
              name="code"
              inputMode="numeric"
              autoComplete="one-time-code"
              required
              autoFocus
              value={given.code}
              onChange={type('code')}
            />
          )}
          {fault !== undefined && (
            <p role="alert" className="text-sm text-bad">
              {fault}
            </p>
          )}
          <Button type="submit" weight="primary" busy={busy} className="mt-1 w-full">
            {words.signIn.submit}
          </Button>
          <a href="/auth/forgot" className="self-center text-sm text-soft underline-offset-4 hover:underline">
            {words.signIn.forgot}
          </a>
        </div>
      </form>
    </main>
  )
}
