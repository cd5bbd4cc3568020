export type Language = 'en' | 'de'

/** The language of ours that the browser would rather have (RFC 9110, 12.5.4). */
export function languageOf(header: string | undefined): Language {
  const wanted = (header ?? '')
    .slice(0, 500)
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part
        .toLowerCase()
        .split(';')
        .map((piece) => piece.trim())
      const q = parameters.find((one) => one.startsWith('q='))?.slice(2)
      return { language: tag.split('-')[0]!, weight: q === undefined ? 1 : Number(q) }
    })
    .filter(({ language, weight }) => (language === 'en' || language === 'de') && weight > 0)
    .sort((one, other) => other.weight - one.weight)
  return wanted[0]?.language === 'de' ? 'de' : 'en'
}
