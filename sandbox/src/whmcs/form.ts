const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#039;' }

/** What WHMCS does to every request value on entry, so that stored text is entity-encoded (reference 1.8). */
export const encodeEntities = (text: string): string => text.replace(/[&<>"']/g, (sign) => ENTITIES[sign]!)

/** One request's fields as PHP reads a form body: the last of equal names wins, `name[key]` and `name[]` make arrays. */
export class Form {
  readonly #single = new Map<string, string>()
  readonly #arrays = new Map<string, Map<string, string>>()

  constructor(body = '') {
    for (const [name, value] of new URLSearchParams(body)) {
      const array = /^([^[]+)\[([^\]]*)\]/.exec(name)
      if (!array) {
        this.#single.set(name.replace(/[. ]/g, '_'), value)
        continue
      }
      const entries = this.#arrays.get(array[1]!) ?? new Map<string, string>()
      entries.set(array[2] === '' ? String(entries.size) : array[2]!, value)
      this.#arrays.set(array[1]!, entries)
    }
  }

  /** The value as sent: for credentials only. */
  raw(name: string): string | undefined {
    return this.#single.get(name)
  }

  /** The value as WHMCS sees and stores it: entity-encoded; empty when absent. */
  text(name: string): string {
    return encodeEntities(this.#single.get(name) ?? '')
  }

  has(name: string): boolean {
    return this.#single.has(name)
  }

  /** A whole number as PHP casts it; 0 when absent or unreadable. */
  id(name: string): number {
    return Number.parseInt(/^\s*-?\d{1,15}/.exec(this.text(name))?.[0] ?? '0', 10)
  }

  /** The entries of `name[…]`, entity-encoded, in the order sent. */
  array(name: string): Map<string, string> {
    return new Map([...(this.#arrays.get(name) ?? [])].map(([key, value]) => [key, encodeEntities(value)]))
  }

  /** Every field name, arrays once. */
  names(): string[] {
    return [...this.#single.keys(), ...this.#arrays.keys()]
  }

  /** The fields without secrets, for the record of calls. */
  shown(): Record<string, string> {
    const shown: Record<string, string> = {}
    for (const [name, value] of this.#single) if (!SECRETS.has(name)) shown[name] = value
    for (const [name, entries] of this.#arrays) for (const [key, value] of entries) shown[`${name}[${key}]`] = value
    return shown
  }
}

const SECRETS = new Set(['identifier', 'secret', 'username', 'password', 'accesskey'])
