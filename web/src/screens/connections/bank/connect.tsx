import type { Institution } from '@payymo/sdk'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Landmark } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useAct } from '../../../app/act.ts'
import { useApi } from '../../../app/tenant.tsx'
import { useSpoken, useWords } from '../../../app/words.tsx'
import { Button } from '../../../design/button.tsx'
import { Dialog } from '../../../design/dialog.tsx'
import { Fault } from '../../../design/fault.tsx'
import { Choice, SearchField } from '../../../design/field.tsx'
import { useFormats } from '../../../design/format.ts'
import { Failed, Waiting } from '../../../design/states.tsx'
import { comeBackTo, useLeaving } from '../leaving.ts'
import { institutionsQuery } from '../queries.ts'
import { countriesIn, countryOf } from './countries.ts'

/** Connects a bank: country, bank, and off to its pages. */
export function ConnectBank({ open, onClose, onFile }: { open: boolean; onClose: () => void; onFile: () => void }) {
  const words = useWords()
  const [bank, setBank] = useState<Institution>()
  return (
    <Dialog open={open} onClose={onClose} side title={words.banks.connect}>
      {bank ? (
        <Consent bank={bank} onOther={() => setBank(undefined)} />
      ) : (
        <ChooseBank onChoose={setBank} onFile={onFile} />
      )}
    </Dialog>
  )
}

const TYPING_MS = 250

function ChooseBank({ onChoose, onFile }: { onChoose: (bank: Institution) => void; onFile: () => void }) {
  const words = useWords()
  const formats = useFormats()
  const { language, locale } = useSpoken()
  const [country, setCountry] = useState(() => countryOf(locale))
  const [q, setQ] = useState('')
  const sought = useSettled(q.trim(), TYPING_MS)
  const query = useQuery({ ...institutionsQuery(useApi(), country, sought), placeholderData: keepPreviousData })
  const countries = countriesIn(language)
  const total = query.data?.pagination.total_items ?? 0
  return (
    <div className="flex flex-col gap-4">
      <Choice label={words.banks.choose.country} value={country} onChange={(event) => setCountry(event.target.value)}>
        {countries.map(({ code, name }) => (
          <option key={code} value={code}>
            {name}
          </option>
        ))}
      </Choice>
      <div className="flex flex-col gap-1.5">
        <SearchField
          label={words.banks.choose.search}
          placeholder={words.banks.choose.search}
          data-first=""
          value={q}
          onChange={(event) => setQ(event.target.value)}
          onKeyDown={(event) => {
            const first = query.data?.data[0]
            if (event.key === 'Enter' && sought === q.trim() && first && total === 1) onChoose(first)
          }}
        />
        <p role="status" className="text-sm text-faint">
          {query.isSuccess && total > 0 && words.banks.choose.count(formats.count(total))}
        </p>
      </div>
      {query.isPending && <Waiting rows={6} label={words.states.loading} />}
      {query.isError && <Failed error={query.error} again={() => void query.refetch()} />}
      {query.isSuccess && total === 0 && (
        <p className="text-soft">
          {sought === ''
            ? words.banks.choose.none(countries.find(({ code }) => code === country)?.name ?? country)
            : words.banks.choose.noneFound}
        </p>
      )}
      {query.isSuccess && total > 0 && (
        <ul aria-label={words.banks.choose.banks} className="divide-y divide-line rounded-xl border border-line">
          {query.data.data.map((bank) => (
            <li key={bank.id}>
              <button
                type="button"
                className="flex min-h-14 w-full items-center gap-3 px-3 py-2 text-left hover:bg-sunken"
                onClick={() => onChoose(bank)}
              >
                <Logo url={bank.logo_url} />
                <span className="min-w-0">
                  <span className="block truncate font-medium">{bank.name}</span>
                  <span className="block text-sm text-faint">
                    {words.banks.choose.history(formats.count(bank.max_history_days))}
                  </span>
                </span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Button weight="quiet" className="self-start" onClick={onFile}>
        {words.banks.choose.file}
      </Button>
    </div>
  )
}

const SPANS_DAYS = [30, 90, 180, 365, 730]
const USUAL_DAYS = 90

function Consent({ bank, onOther }: { bank: Institution; onOther: () => void }) {
  const words = useWords()
  const payymo = useApi()
  const formats = useFormats()
  const { language } = useSpoken()
  const act = useAct()
  const { leaving, leave } = useLeaving()
  const spans = [...new Set([...SPANS_DAYS.filter((days) => days < bank.max_history_days), bank.max_history_days])]
  const [days, setDays] = useState(() => Math.min(USUAL_DAYS, bank.max_history_days))
  const go = () =>
    void act.run(
      () =>
        payymo.bankConnections.initialize({
          institution_id: bank.id,
          redirect_url: comeBackTo(),
          max_history_days: days,
          language,
        }),
      ({ authorization_url: url }) => leave(url),
    )
  return (
    <div className="flex flex-col gap-5">
      <div className="flex items-center gap-3">
        <Logo url={bank.logo_url} />
        <p className="min-w-0 text-lg font-semibold">{bank.name}</p>
      </div>
      <p className="text-soft">{words.banks.choose.explain}</p>
      <Choice
        label={words.banks.choose.days}
        value={String(days)}
        onChange={(event) => setDays(Number(event.target.value))}
      >
        {spans.map((span) => (
          <option key={span} value={span}>
            {words.banks.choose.daysOf(formats.count(span))}
          </option>
        ))}
      </Choice>
      <Fault text={act.fault} />
      <div className="flex flex-wrap justify-end gap-2">
        <Button onClick={onOther}>{words.banks.choose.other}</Button>
        <Button weight="primary" autoFocus busy={act.busy || leaving} onClick={go}>
          {leaving ? words.banks.choose.going : words.banks.choose.go}
        </Button>
      </div>
    </div>
  )
}

/** Logos come from the provider; where one does not load, a sign stands in its place. */
function Logo({ url }: { url: string | null }) {
  const [broken, setBroken] = useState(false)
  return (
    <span className="inline-flex size-9 shrink-0 items-center justify-center overflow-hidden rounded-lg border border-line bg-surface">
      {url === null || broken ? (
        <Landmark aria-hidden className="size-4 text-faint" />
      ) : (
        <img src={url} alt="" loading="lazy" className="size-full object-contain" onError={() => setBroken(true)} />
      )}
    </span>
  )
}

/** What was typed, once the typing rests. */
function useSettled(text: string, afterMs: number): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), afterMs)
    return () => clearTimeout(timer)
  }, [text, afterMs])
  return settled
}
