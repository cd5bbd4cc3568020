import { AppError } from '../base/errors.ts'

/** Bytes of a statement file as text. Order of evidence: byte order mark; the pattern of NUL bytes that UTF-16 leaves; what
 *  an XML prolog or an OFX header declares; UTF-8 when the bytes are valid UTF-8; else windows-1252, which takes any byte.
 *  A declared UTF-8 that is not valid UTF-8 is read as windows-1252: banks declare from habit. */
export function decodeText(bytes: Uint8Array): string {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return decode('utf-8', bytes.subarray(3))
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decode('utf-16le', bytes.subarray(2))
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decode('utf-16be', bytes.subarray(2))
  const wide = utf16WithoutMark(bytes)
  if (wide !== null) return decode(wide, bytes)
  const declared = declaredEncoding(bytes)
  if (declared !== null && !/^utf-?(8|16)/i.test(declared)) return decode(declared, bytes)
  return isUtf8(bytes) ? decode('utf-8', bytes) : decode('windows-1252', bytes)
}

/** A text for storage and display: no NUL or other control characters, no halves of surrogate pairs, single blanks. */
export function cleanText(text: string): string {
  const plain = text.isWellFormed() ? text : text.toWellFormed()
  // oxlint-disable-next-line no-control-regex -- control characters are the point here
  return plain.replace(/[\s\u0000-\u001f\u007f\u00a0]+/g, ' ').trim()
}

function decode(encoding: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder(encoding).decode(bytes)
  } catch {
    throw new AppError(
      'validation_failed',
      `The file declares the encoding "${encoding.slice(0, 40)}", which is unknown.`,
    )
  }
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}

/** Latin text in UTF-16 has a NUL in every second byte; no other text has many. */
function utf16WithoutMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | null {
  const sample = Math.min(bytes.length, 512) & ~1
  let evenNuls = 0
  let oddNuls = 0
  for (let at = 0; at < sample; at++) {
    if (bytes[at] !== 0) continue
    if (at % 2 === 0) evenNuls++
    else oddNuls++
  }
  if (sample < 8) return null
  if (oddNuls > sample * 0.35 && evenNuls < sample * 0.05) return 'utf-16le'
  return evenNuls > sample * 0.35 && oddNuls < sample * 0.05 ? 'utf-16be' : null
}

function declaredEncoding(bytes: Uint8Array): string | null {
  const head = new TextDecoder('latin1').decode(bytes.subarray(0, 600))
  const prolog = /^\s{0,20}<\?xml[^>]{0,200}?encoding\s?=\s?["']([A-Za-z0-9._:-]{1,40})["']/.exec(head)
  if (prolog) return prolog[1]!
  if (!/^\s{0,20}OFXHEADER:/.test(head)) return null
  const charset = /\bCHARSET:([A-Za-z0-9-]{1,20})/.exec(head)?.[1]
  return charset !== undefined && /^\d{3,4}$/.test(charset) ? `windows-${charset}` : null
}
