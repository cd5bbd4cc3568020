import type { ApiKey, CreatedApiKey } from '@payymo/sdk'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useApi } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { BACK, BackText } from '../../design/back.tsx'
import { Button } from '../../design/button.tsx'
import { Card } from '../../design/card.tsx'
import { Confirm } from '../../design/confirm.tsx'
import { Facts } from '../../design/facts.tsx'
import { Choice } from '../../design/field.tsx'
import { useFormats } from '../../design/format.ts'
import { Page } from '../../design/page.tsx'
import { Failed, Waiting } from '../../design/states.tsx'
import { useSay } from '../../design/toast.tsx'
import { Calls } from './calls.tsx'
import { MayAll } from './grid.tsx'
import { KeyOnce, KeyState } from './state.tsx'

/** One key: what it may, and every call made with it. */
export function KeyDetails() {
  const words = useWords()
  const payymo = useApi()
  const { id } = useParams({ from: '/inside/keys/$id' })
  const [made, setMade] = useState<CreatedApiKey>()
  const query = useQuery({
    queryKey: ['api-keys', 'one', id],
    queryFn: ({ signal }) => payymo.apiKeys.get(id, { signal }),
  })
  return (
    <Page
      title={query.data?.name ?? words.keys.one}
      back={
        <Link to="/keys" className={BACK}>
          <BackText>{words.keys.title}</BackText>
        </Link>
      }
      actions={query.data && <Actions apiKey={query.data} onMade={setMade} />}
    >
      {made && <KeyOnce made={made} onDone={() => setMade(undefined)} />}
      <div className="flex flex-col gap-4">
        <Card>
          {query.isPending && <Waiting rows={3} label={words.states.loading} />}
          {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
          {query.data && <About apiKey={query.data} />}
        </Card>
        {query.data && <Calls keyId={id} />}
      </div>
    </Page>
  )
}

function About({ apiKey }: { apiKey: ApiKey }) {
  const { keys, webhooks } = useWords()
  const formats = useFormats()
  const { replaced_by: newer, expires_at: end, last_used_at: used } = apiKey
  return (
    <div className="flex flex-col gap-3 p-4">
      {newer !== null && end !== null && (
        <p className="rounded-lg bg-info-soft px-3 py-2 text-sm text-info">
          {keys.replacedText(formats.moment(end))}{' '}
          <Link to="/keys/$id" params={{ id: newer }} className="font-medium underline underline-offset-4">
            {keys.toReplacement}
          </Link>
        </p>
      )}
      <Facts
        facts={[
          [webhooks.state, <KeyState key="state" apiKey={apiKey} />],
          [
            keys.prefix,
            <span key="prefix" className="font-mono text-sm">
              {apiKey.prefix}…
            </span>,
          ],
          [keys.permissions, <MayAll key="may" permissions={apiKey.permissions} />],
          [keys.expires, end === null ? keys.noEnd : formats.moment(end)],
          [keys.lastUsed, used === null ? keys.never : formats.moment(used)],
          [keys.created, formats.moment(apiKey.created_at)],
        ]}
      />
    </div>
  )
}

const OVERLAPS_SECONDS = { now: 0, hour: 3_600, day: 86_400, week: 604_800 }
type Overlap = keyof typeof OVERLAPS_SECONDS

function Actions({
  apiKey: { id, replaced_by: newer },
  onMade,
}: {
  apiKey: ApiKey
  onMade: (key: CreatedApiKey) => void
}) {
  const words = useWords()
  const payymo = useApi()
  const client = useQueryClient()
  const navigate = useNavigate()
  const say = useSay()
  const [asking, setAsking] = useState<'rotate' | 'revoke'>()
  const [overlap, setOverlap] = useState<Overlap>('day')
  const stop = () => setAsking(undefined)
  const changed = () => void client.invalidateQueries({ queryKey: ['api-keys'] })
  return (
    <>
      {newer === null && <Button onClick={() => setAsking('rotate')}>{words.keys.rotate}</Button>}
      <Button weight="danger" onClick={() => setAsking('revoke')}>
        {words.keys.revoke}
      </Button>
      <Confirm
        open={asking === 'rotate'}
        onClose={stop}
        title={words.keys.rotateTitle}
        label={words.keys.rotateDo}
        work={async () => {
          onMade(await payymo.apiKeys.rotate(id, { overlap_seconds: OVERLAPS_SECONDS[overlap] }))
          changed()
        }}
      >
        <p>{words.keys.rotateText}</p>
        <Choice
          label={words.keys.overlap}
          value={overlap}
          onChange={(event) => setOverlap(event.target.value as Overlap)}
        >
          {(Object.keys(OVERLAPS_SECONDS) as Overlap[]).map((each) => (
            <option key={each} value={each}>
              {words.keys.overlaps[each]}
            </option>
          ))}
        </Choice>
      </Confirm>
      <Confirm
        open={asking === 'revoke'}
        onClose={stop}
        title={words.keys.revokeTitle}
        label={words.keys.revoke}
        danger
        work={async () => {
          await payymo.apiKeys.delete(id)
          say(words.keys.revoked)
          await navigate({ to: '/keys' })
          changed()
        }}
      >
        <p>{words.keys.revokeText}</p>
      </Confirm>
    </>
  )
}
