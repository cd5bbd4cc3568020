import { randomBytes } from 'node:crypto'
import type { Answer } from '../../http/route.ts'
import type { Language } from './language.ts'
import { MARK, styleOf } from './style.ts'

/** How a page looks and speaks. */
export interface Look {
  language: Language
  productName: string
  color: string | null
}

/** A page around `body`, which is HTML; `title` is text. Nothing is loaded and nothing runs. `targets`: where besides ourselves
 *  the answer to its form may lead. `secretAddress`: the address holds a token, so that not even our own next page is told more
 *  than our origin. Browsers do tell that much, since `no-referrer` would make them send `Origin: null` with forms. */
export function page(
  look: Look,
  title: string,
  content: { status: number; body: string; targets?: string; secretAddress?: boolean },
): Answer {
  const { status, body, targets = '', secretAddress = false } = content
  const nonce = randomBytes(16).toString('base64')
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-language': look.language,
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; form-action 'self'${targets}; base-uri 'none'; object-src 'none'; frame-ancestors 'none'`,
      'x-frame-options': 'DENY',
      'referrer-policy': secretAddress ? 'strict-origin' : 'same-origin',
    },
    body: `<!doctype html>
<html lang="${look.language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${escaped(title)} — ${escaped(look.productName)}</title><style nonce="${nonce}">${styleOf(look.color)}</style></head>
<body><main><p class="name">${look.productName === 'Payymo' ? MARK : ''}<bdi>${escaped(look.productName)}</bdi></p>${body}</main></body>
</html>
`,
  }
}

/** Where a page leads on, after a form too. `answer`: whose headers go along, such as a cookie. */
export const seeOther = (location: string, answer?: Answer): Answer => ({
  status: 303,
  headers: { ...answer?.headers, location },
})

/** The beginning of a form that posts to `action`, with what it sends along unseen. */
export const beginForm = (action: string, hidden: Record<string, string | undefined> = {}): string =>
  `<form method="post" action="${escaped(action)}">${Object.entries(hidden)
    .flatMap(([name, value]) =>
      value === undefined ? [] : [`<input type="hidden" name="${name}" value="${escaped(value)}">`],
    )
    .join('')}`

/** What was wrong, as HTML that is read aloud at once; nothing when nothing was. */
export const faultLine = (sentence: string | undefined): string =>
  sentence === undefined ? '' : `<p class="bad" role="alert">${escaped(sentence)}</p>`

/** Text as HTML that shows the same text: nothing in it is markup. */
export const escaped = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
