import { AMOUNT_FIELDS } from './generated/types.ts'

/** A text of JSON, and behind a name the number it has. Texts are taken whole, so digits inside them are left alone. */
const NAMED_NUMBER = /("(?:[^"\\]|\\.)*")(?:(\s*:\s*)(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?))?/g

/** Reads an answer of Payymo. Amounts become texts with the very digits that were sent, since a JavaScript number would drop
 *  zeros and, in some currencies, digits. Works the same in every engine: `JSON.parse` shows the source of a number in
 *  some only. Throws SyntaxError on what is no JSON. */
export function parseJson(text: string): unknown {
  return JSON.parse(
    text.replace(NAMED_NUMBER, (whole, name: string, colon: string | undefined, number: string | undefined) =>
      colon !== undefined && number !== undefined && AMOUNT_FIELDS.has(name.slice(1, -1))
        ? `${name}${colon}"${number}"`
        : whole,
    ),
  )
}
