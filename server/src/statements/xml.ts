import { decodeXML } from 'entities'
import { AppError } from '../base/errors.ts'

/** An element without its namespace prefix. `text` is what stands directly in it, entities decoded. */
export interface XmlElement {
  name: string
  attributes: ReadonlyMap<string, string>
  children: XmlElement[]
  text: string
  /** Line of the opening tag, from 1. */
  line: number
}

const DEPTH_MAX = 64

/** Reads XML from the outside element by element, so that a file of any length needs the memory of its largest entry.
 *  `take` is called as each element closes; true means that it has been used and need not be kept in its parent.
 *  Refused with `validation_failed` and the line: DOCTYPE (hence external and self-made entities), tags that do not close,
 *  nesting deeper than 64, a file that ends in the middle. Comments and processing instructions are skipped.
 *  Linear in the length of the text. */
export function readXml(text: string, take: (element: XmlElement) => boolean): XmlElement {
  const root = newElement('', 1)
  const open: XmlElement[] = [root]
  let line = 1
  let counted = 0
  let at = 0
  const lineAt = (position: number): number => {
    for (let next = text.indexOf('\n', counted); next !== -1 && next < position; next = text.indexOf('\n', counted)) {
      line++
      counted = next + 1
    }
    return line
  }
  const fault = (position: number, what: string): AppError =>
    new AppError('validation_failed', `The XML is broken in line ${lineAt(position)}: ${what}.`)
  const skipTo = (mark: string, from: number): number => {
    const end = text.indexOf(mark, from)
    if (end === -1) throw fault(from, `"${mark}" is missing`)
    return end + mark.length
  }

  for (;;) {
    const tag = text.indexOf('<', at)
    const current = open[open.length - 1]!
    if (tag === -1) break
    if (tag > at && open.length > 1) current.text += decodeXML(text.slice(at, tag))
    if (text.startsWith('<!--', tag)) at = skipTo('-->', tag + 4)
    else if (text.startsWith('<![CDATA[', tag)) {
      at = skipTo(']]>', tag + 9)
      current.text += text.slice(tag + 9, at - 3)
    } else if (text.startsWith('<!', tag)) {
      throw fault(tag, 'it holds a DOCTYPE, which bank files never need and which is refused')
    } else if (text.startsWith('<?', tag)) at = skipTo('?>', tag + 2)
    else if (text[tag + 1] === '/') {
      at = skipTo('>', tag)
      const name = localName(text.slice(tag + 2, at - 1).trim())
      if (open.length === 1 || current.name !== name) {
        throw fault(tag, `</${name.slice(0, 40)}> closes ${open.length === 1 ? 'nothing' : `<${current.name}>`}`)
      }
      open.pop()
      if (!take(current)) open[open.length - 1]!.children.push(current)
    } else {
      at = endOfTag(text, tag)
      if (at === -1) throw fault(tag, 'a tag does not end')
      const empty = text[at - 2] === '/'
      const element = openTag(text.slice(tag + 1, empty ? at - 2 : at - 1), lineAt(tag))
      if (empty) {
        if (!take(element)) current.children.push(element)
      } else {
        if (open.length > DEPTH_MAX) throw fault(tag, `it is nested deeper than ${DEPTH_MAX} levels`)
        open.push(element)
      }
    }
  }
  if (open.length > 1) throw fault(text.length, `the file ends inside <${open[open.length - 1]!.name}>`)
  return root
}

/** The first element along a path of names, or undefined. */
export function find(element: XmlElement | undefined, ...path: string[]): XmlElement | undefined {
  let current = element
  for (const name of path) {
    current = current?.children.find((child) => child.name === name)
    if (current === undefined) return undefined
  }
  return current
}

/** All children of this name. */
export const findAll = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? []

/** The text at the end of a path, trimmed; empty when there is none. */
export const textAt = (element: XmlElement | undefined, ...path: string[]): string =>
  find(element, ...path)?.text.trim() ?? ''

const NO_ATTRIBUTES: ReadonlyMap<string, string> = new Map()

const newElement = (name: string, line: number): XmlElement => ({
  name,
  attributes: NO_ATTRIBUTES,
  children: [],
  text: '',
  line,
})

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

/** Position behind the `>` of a tag; a `>` within quotes does not count. -1 when there is none. */
function endOfTag(text: string, from: number): number {
  let quote = 0
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (quote !== 0) {
      if (code === quote) quote = 0
    } else if (code === 34 || code === 39) quote = code
    else if (code === 62) return at + 1
  }
  return -1
}

function openTag(source: string, line: number): XmlElement {
  const nameEnd = source.search(/\s/)
  const element = newElement(localName(nameEnd === -1 ? source : source.slice(0, nameEnd)), line)
  if (nameEnd === -1) return element
  const attributes = new Map<string, string>()
  for (const [, name, double, single] of source
    .slice(nameEnd)
    .matchAll(/([^\s=]{1,200})\s?=\s?(?:"([^"]*)"|'([^']*)')/g)) {
    attributes.set(localName(name!), decodeXML(double ?? single ?? ''))
  }
  return { ...element, attributes }
}
