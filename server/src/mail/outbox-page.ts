import type { ShownMail } from './read-eml.ts'
import { escapeHtml, withLinks } from './to-html.ts'

const STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --quiet: #5b6675; --line: #e3e0da; --paper: #fbfaf8; --accent: #1f4e8c }
@media (prefers-color-scheme: dark) { :root { --ink: #e7ebf0; --quiet: #9aa6b5; --line: #2b3441; --paper: #12161c; --accent: #8db8f2 } }
body { margin: 0 auto; max-width: 48rem; padding: 1.5rem 1rem; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif }
a { color: var(--accent) }
a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px }
h1 { font-size: 1.4rem; overflow-wrap: anywhere }
ul { list-style: none; padding: 0 }
li { border-top: 1px solid var(--line); padding: .6rem 0; overflow-wrap: anywhere }
p.quiet, dl, li span { color: var(--quiet) }
li span { display: block; font-size: .875rem }
dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem .75rem }
dd { margin: 0; overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: inherit; border-top: 1px solid var(--line); padding-top: 1rem }
`

/** The mails, newest first. Everything a mail says is escaped; nothing is loaded and nothing runs. */
export function renderList(mails: (ShownMail & { file: string })[], nonce: string): string {
  const rows = mails.map(
    (mail) =>
      `<li><a href="/outbox/${escapeHtml(mail.file)}">${escapeHtml(mail.subject || '(no subject)')}</a><span>${escapeHtml(mail.to)}, ${escapeHtml(mail.date)}</span></li>`,
  )
  const body = rows.length === 0 ? '<p class="quiet">No mail so far.</p>' : `<ul>${rows.join('')}</ul>`
  return document(
    'Outbox',
    nonce,
    `<h1>Outbox</h1><p class="quiet">No SMTP_URL is set: mails stay here instead of being sent. Shown on this machine only.</p>${body}`,
  )
}

/** One mail, as text with its links. */
export function renderMail(mail: ShownMail, nonce: string): string {
  const fields = (['from', 'to', 'date'] as const)
    .map((name) => `<dt>${name}</dt><dd>${escapeHtml(mail[name])}</dd>`)
    .join('')
  return document(
    mail.subject,
    nonce,
    `<p><a href="/outbox">Outbox</a></p><h1>${escapeHtml(mail.subject)}</h1><dl>${fields}</dl><pre>${withLinks(mail.text)}</pre>`,
  )
}

const document = (title: string, nonce: string, body: string): string =>
  `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(title)} — Payymo</title><style nonce="${nonce}">${STYLE}</style></head>
<body>${body}</body>
</html>
`
