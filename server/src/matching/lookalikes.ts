/** Letters that are taken for digits when a number is copied by eye or by camera. */
export const lookalikes: Readonly<Record<string, string>> = {
  O: '0',
  Q: '0',
  D: '0',
  I: '1',
  L: '1',
  Z: '2',
  S: '5',
  G: '6',
  B: '8',
}

/** Words of digits in which O stands for 0, I or L for 1, as a camera or a careless eye reads them. */
const mixedDigits = /(?<![A-Z0-9])(?=[A-Z]{0,3}[OQIL]*\d[OQIL]*\d)(?:[A-Z]{0,3}(?=\d))?[0-9OQIL]{4,}(?![A-Z0-9])/g

/** The folded text with O, I and L written as the digits they stand for, in words of digits: what a camera or a careless eye
 *  made of a number. Every position stays where it was. */
export function withDigits(text: string): string {
  if (!/\d[OQIL]|[OQIL]\d/.test(text)) return text
  return text.replace(mixedDigits, (word) => {
    const head = /^[A-Z]*(?=\d)/.exec(word)?.[0] ?? ''
    const letters = /^[OQIL]+$/.test(head) ? '' : head
    return letters + word.slice(letters.length).replace(/[OQIL]/g, (letter) => lookalikes[letter] ?? letter)
  })
}
