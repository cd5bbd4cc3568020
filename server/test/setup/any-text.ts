import fc from 'fast-check'

/** Any text at all: every code point, halves of surrogate pairs included. The library's own `unit: 'binary'` draws from the same, but
 *  takes seconds of processor time to make ready (fast-check 4.10). */
export const anyText = (options: { maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.string({ ...options, unit: fc.integer({ min: 0, max: 0x10ffff }).map((point) => String.fromCodePoint(point)) })
