import { CircleCheck, TriangleAlert } from 'lucide-react'
import { contrastOf, readableOn } from '../../app/colour.ts'
import { useSpoken, useWords } from '../../app/words.tsx'
import { Card } from '../../design/card.tsx'
import type { Look } from './branding.tsx'

/** As in design/theme.css, by day and by night: both are shown, whichever the reader has. */
const DAY = { page: '#f7f7f5', surface: '#ffffff', line: '#e4e4df', text: '#1a1c1e', soft: '#565a60', brand: '#1f6f5c' }
const NIGHT = {
  page: '#101214',
  surface: '#17191c',
  line: '#2a2e33',
  text: '#eceef0',
  soft: '#b3b8bf',
  brand: '#237a64',
}
/** WCAG 2.2, 1.4.11: what is no text must stand apart from what is around it this far. */
const CONTRAST_MIN = 3

/** The look being typed, by day and by night, and whether people can see it. */
export function Preview({ look, company }: { look: Look; company: string }) {
  const words = useWords()
  const { look: said } = words.settings
  const { locale } = useSpoken()
  const typed = look.primary_color.trim()
  const isColour = /^#[0-9a-f]{6}$/i.test(typed)
  const colourOn = ({ brand }: typeof DAY) => (isColour ? typed : brand)
  const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 })
  const against = (palette: typeof DAY) => contrastOf(colourOn(palette), palette.surface) ?? 1
  const [day, night] = [against(DAY), against(NIGHT)]
  const onIt = colourOn(DAY)
  const visible = day >= CONTRAST_MIN && night >= CONTRAST_MIN
  return (
    <Card title={said.preview} className="lg:sticky lg:top-6">
      <div className="flex flex-col gap-4 p-4">
        {[DAY, NIGHT].map((palette) => (
          <Pane key={palette.page} palette={palette} colour={colourOn(palette)} look={look} company={company} />
        ))}
        <div className="flex flex-col gap-1 text-sm">
          {typed !== '' && !isColour && <p className="text-bad">{said.noColour}</p>}
          <p className={`flex items-center gap-1.5 font-medium ${visible ? 'text-good' : 'text-warn'}`}>
            {visible ? (
              <CircleCheck aria-hidden className="size-4" />
            ) : (
              <TriangleAlert aria-hidden className="size-4" />
            )}
            {visible ? said.good : said.weak}
          </p>
          <p className="text-soft">
            {said.ratio(number.format(contrastOf(onIt, readableOn(onIt)) ?? 1))}{' '}
            {said.ratioPage(number.format(day), number.format(night))}
          </p>
          {!visible && <p className="text-soft">{said.weakText}</p>}
          <p className="text-faint">{said.previewText}</p>
        </div>
      </div>
    </Card>
  )
}

function Pane({
  palette,
  colour,
  look,
  company,
}: {
  palette: typeof DAY
  colour: string
  look: Look
  company: string
}) {
  const { look: said } = useWords().settings
  const logo = /^https:\/\/\S+$/.test(look.logo_url) ? look.logo_url : '/icon.svg'
  return (
    <div
      aria-hidden
      className="overflow-hidden rounded-lg border"
      style={{ background: palette.page, borderColor: palette.line, color: palette.text }}
    >
      <div
        className="flex items-center gap-2.5 border-b px-3 py-2"
        style={{ background: palette.surface, borderColor: palette.line }}
      >
        <img src={logo} alt="" className="size-6 rounded object-contain" />
        <span className="min-w-0 truncate font-semibold">{look.product_name.trim() || 'Payymo'}</span>
        <span className="ml-auto truncate text-xs" style={{ color: palette.soft }}>
          {company}
        </span>
      </div>
      <div className="flex items-center gap-3 px-3 py-4">
        <span
          className="rounded-lg px-3 py-1.5 font-medium whitespace-nowrap"
          style={{ background: colour, color: readableOn(colour) }}
        >
          {said.sample}
        </span>
        <span className="flex min-w-0 items-center gap-2">
          <span className="size-4 shrink-0 rounded" style={{ background: colour }} />
          <span className="truncate" style={{ color: palette.soft }}>
            {said.sampleLink}
          </span>
        </span>
      </div>
    </div>
  )
}
