import { inspect } from 'node:util'

/** A text that must never be printed. It shows as `[secret]` in JSON, logs, inspection and string concatenation; only
 *  `reveal()` gives the text, at the one place that needs it (reliability 31). */
export class Secret {
  readonly #text: string

  constructor(text: string) {
    this.#text = text
  }

  reveal(): string {
    return this.#text
  }

  toString(): string {
    return '[secret]'
  }

  toJSON(): string {
    return '[secret]'
  }

  [inspect.custom](): string {
    return '[secret]'
  }
}
