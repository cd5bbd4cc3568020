import { useWords } from '../../../app/words.tsx'
import { Field } from '../../../design/field.tsx'

export interface Access {
  system_url: string
  api_identifier: string
  api_secret: string
  access_key: string
}

export const ACCESS_FIELDS = ['system_url', 'api_identifier', 'api_secret', 'access_key'] as const

/** What a role in WHMCS must allow, by what it is for. */
const ACTIONS = {
  reading: 'GetInvoices, GetInvoice, GetClients, WhmcsDetails',
  booking: 'GetTransactions, GetPaymentMethods, AddInvoicePayment',
  takingBack: 'AddTransaction, UpdateInvoice, AddCredit, GetCredits, GetClientsDetails',
}

/** The address of an installation, and where it is called over its API, the credential, with where to find each. `kept`: secrets that
 *  are left empty stay as they are. */
export function AccessFields({
  value,
  api,
  kept = false,
  faults,
  onChange,
}: {
  value: Access
  api: boolean
  kept?: boolean
  faults: Readonly<Record<string, string>>
  onChange: (value: Access) => void
}) {
  const { whmcs } = useWords()
  const field = (name: keyof Access) => ({
    value: value[name],
    fault: faults[name],
    onChange: (event: { target: { value: string } }) => onChange({ ...value, [name]: event.target.value }),
  })
  const secret = { type: 'password', autoComplete: 'off', spellCheck: false }
  return (
    <>
      <Field
        label={whmcs.address}
        hint={whmcs.addressHint}
        type="url"
        required
        spellCheck={false}
        {...field('system_url')}
      />
      {api && (
        <>
          <Field
            label={whmcs.identifier}
            hint={whmcs.identifierHint}
            required
            autoComplete="off"
            spellCheck={false}
            {...field('api_identifier')}
          />
          <Field
            label={whmcs.secret}
            hint={kept ? whmcs.secretKept : whmcs.secretHint}
            required={!kept}
            {...secret}
            {...field('api_secret')}
          />
          <Field
            label={whmcs.accessKey}
            hint={kept ? `${whmcs.accessKeyHint} ${whmcs.secretKept}` : whmcs.accessKeyHint}
            {...secret}
            {...field('access_key')}
          />
          <details className="rounded-lg border border-line px-3 py-2">
            <summary className="min-h-6 cursor-pointer text-sm font-medium">{whmcs.actions}</summary>
            <dl className="mt-2 flex flex-col gap-2 text-sm">
              {(Object.keys(ACTIONS) as (keyof typeof ACTIONS)[]).map((what) => (
                <div key={what}>
                  <dt className="text-faint">{whmcs.actionsFor[what]}</dt>
                  <dd className="font-mono text-xs leading-5 break-words">{ACTIONS[what]}</dd>
                </div>
              ))}
            </dl>
          </details>
        </>
      )}
    </>
  )
}

/** What was typed, without the fields that were left empty. */
export const givenAccess = (value: Access, api: boolean): Partial<Access> & { system_url: string } => ({
  system_url: value.system_url.trim(),
  ...(api
    ? Object.fromEntries(
        (['api_identifier', 'api_secret', 'access_key'] as const)
          .map((name) => [name, value[name].trim()] as const)
          .filter(([, text]) => text !== ''),
      )
    : {}),
})
