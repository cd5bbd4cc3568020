/** RFC 7396: objects merge, null removes, everything else replaces. What a caller left out (undefined) stays. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (patch === null) return {}
  if (typeof patch !== 'object' || Array.isArray(patch)) return patch
  const result: Record<string, unknown> = typeof target === 'object' && target !== null ? { ...target } : {}
  for (const [name, value] of Object.entries(patch as Record<string, unknown>)) {
    if (value === undefined) continue
    if (value === null) delete result[name]
    else result[name] = mergePatch(result[name], value)
  }
  return result
}
