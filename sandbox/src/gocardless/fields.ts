import { keyedTexts } from './refusals.ts'

/** What a body field must be. Optional unless `required`; a null counts as absent. */
type Rule =
  | { kind: 'text'; required?: true; max?: number; url?: true }
  | { kind: 'flag' }
  | { kind: 'whole' }
  | { kind: 'choices'; of: string[] }

/** Checks a body in the API's own words and body shape (field to texts). Throws 400 with every faulty field at once. */
export function checkFields(body: Record<string, unknown>, rules: Record<string, Rule>): void {
  const faults: Record<string, string[]> = {}
  for (const [name, rule] of Object.entries(rules)) {
    const fault = faultOf(body[name], rule)
    if (fault !== null) faults[name] = [fault]
  }
  if (Object.keys(faults).length > 0) throw keyedTexts(faults)
}

function faultOf(value: unknown, rule: Rule): string | null {
  if (value === undefined || value === null)
    return rule.kind === 'text' && rule.required ? 'This field is required.' : null
  switch (rule.kind) {
    case 'text':
      if (typeof value !== 'string') return 'Not a valid string.'
      if (rule.required && value.trim() === '') return 'This field may not be blank.'
      if (rule.max !== undefined && value.length > rule.max)
        return `Ensure this field has no more than ${rule.max} characters.`
      return rule.url && !URL.canParse(value) ? 'Enter a valid URL.' : null
    case 'flag':
      return typeof value === 'boolean' ? null : 'Must be a valid boolean.'
    case 'whole':
      return typeof value === 'number' && Number.isInteger(value) ? null : 'A valid integer is required.'
    case 'choices': {
      if (!Array.isArray(value) || value.length === 0) return 'Expected a list of items.'
      const stray = value.find((one) => !rule.of.includes(String(one)))
      return stray === undefined ? null : `"${String(stray)}" is not a valid choice.`
    }
    default:
      return rule satisfies never
  }
}
