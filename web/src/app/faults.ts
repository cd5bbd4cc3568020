export type Faults = Readonly<Record<string, string>>

/** Sorts the details of a refusal into what stands at a field of a form (`events` also takes `events.0`) and what stands at none,
 *  as sentences. */
export function sortFaults(
  details: readonly { field: string; issue: string }[],
  fields: readonly string[],
): { faults: Faults; rest: string[] } {
  const faults: Record<string, string> = {}
  const rest: string[] = []
  for (const { field, issue } of details) {
    const at = fields.find((name) => field === name || field.startsWith(`${name}.`))
    if (at !== undefined) faults[at] ??= issue
    // A reason is a word for programs; the message says the same to people.
    else if (field !== 'reason') rest.push(`${field}: ${issue}`)
  }
  return { faults, rest }
}
