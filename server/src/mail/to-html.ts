/** Text as HTML that shows the same text: nothing in it is markup. */
export const escapeHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)

/** Escaped text in which web addresses can be clicked. Punctuation behind an address is not part of it. */
export function withLinks(text: string): string {
  let html = ''
  let at = 0
  for (const match of text.matchAll(/https?:\/\/[^\s<>"]+/g)) {
    const link = match[0].replace(/[.,;:!?)\]']+$/, '')
    html += escapeHtml(text.slice(at, match.index))
    html += `<a href="${escapeHtml(link)}" rel="noreferrer noopener">${escapeHtml(link)}</a>`
    at = match.index + link.length
  }
  return html + escapeHtml(text.slice(at))
}

/** The HTML alternative of a text mail: its paragraphs under the name of the product, links to click, nothing loaded. */
export function toHtml(text: string, productName: string): string {
  const paragraphs = text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => `<p style="margin:0 0 1em">${withLinks(paragraph).replaceAll('\n', '<br>\n')}</p>`)
  return `<!doctype html>
<html>
<body style="margin:0;padding:1.5em;font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;color:#1c2430">
<p style="margin:0 0 1.5em;font-weight:600">${escapeHtml(productName)}</p>
${paragraphs.join('\n')}
</body>
</html>
`
}
