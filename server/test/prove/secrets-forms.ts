/** A text in the forms in which it may lie about. Base64 has three, by where the text begins within its group of three. */
export function formsOf(text: string): { form: string; bytes: Buffer }[] {
  const plain = Buffer.from(text)
  const base64 = [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), plain])
      .toString('base64')
      .replace(/=+$/, '')
    // The first characters mix with what stands before, the last with what follows.
    return encoded.slice(offset === 0 ? 0 : offset + 1, -1)
  })
  const forms: Record<string, string | Buffer> = {
    plain,
    'base64 at 0': base64[0]!,
    'base64 at 1': base64[1]!,
    'base64 at 2': base64[2]!,
    'base64url at 0': base64[0]!.replaceAll('+', '-').replaceAll('/', '_'),
    hex: plain.toString('hex'),
    'hex in capitals': plain.toString('hex').toUpperCase(),
    percent: [...plain].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
    'JSON escapes': [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    'UTF-16': Buffer.from(text, 'utf16le'),
    reversed: [...text].reverse().join(''),
  }
  return Object.entries(forms).map(([form, value]) => ({ form, bytes: Buffer.from(value as string) }))
}

/** Canary texts by what they are, found in a place: which, in which form. */
export function search(bytes: Buffer, canaries: Record<string, string>): string[] {
  return Object.entries(canaries).flatMap(([what, text]) =>
    formsOf(text)
      .filter(({ bytes: wanted }) => bytes.includes(wanted))
      .map(({ form }) => `${what}, ${form}`),
  )
}
