import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { tenantQuery } from '../../app/branding.ts'
import { useMay, useSeat } from '../../app/tenant.tsx'
import { useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import { Page } from '../../design/page.tsx'
import { Failed, Waiting } from '../../design/states.tsx'
import { Checklist } from './checklist.tsx'
import { isSetUp } from './progress.ts'
import { useStandings } from './queries.ts'
import { Tour } from './tour.tsx'

/** The company that `npm start` brings along. Source: server/src/first-run/set-up.ts */
const SANDBOX_SLUG = 'sandbox'

/** What a company needs before its money finds its invoices. */
export function Start() {
  const words = useWords()
  const { start: said } = words
  const { payymo, tenant } = useSeat()
  const may = useMay('admin')
  const { data: company } = useQuery(tenantQuery(payymo, tenant.id))
  const { standings, error, again } = useStandings()
  const sandbox = company?.environment === 'sandbox' && company.slug === SANDBOX_SLUG
  return (
    <Page title={said.title}>
      <div className="flex max-w-3xl flex-col gap-4">
        {sandbox && <Tour />}
        <Card title={said.checklist}>
          {standings ? (
            <div className="px-4 sm:px-5">
              <Checklist standings={standings} />
            </div>
          ) : error ? (
            <Failed error={error} again={again} />
          ) : (
            <Waiting rows={4} label={words.states.loading} />
          )}
        </Card>
        {standings && isSetUp(standings) && (
          <p role="status" className="text-soft">
            {said.ready}{' '}
            <Link to="/" className="font-medium text-text underline underline-offset-4">
              {words.nav.overview}
            </Link>
          </p>
        )}
        {!may && <p className="text-sm text-faint">{said.adminOnly}</p>}
      </div>
    </Page>
  )
}
