/** What speaks for or against a candidate: a field as an engine read it. */
export interface Reason {
  field: string
  text: string
  verdict: 'for' | 'against' | 'open'
}

/** Natural logarithm of how much likelier a reading must make a student than a stranger to speak for them. */
const clear = 1

/** One reason a field: of several engines, the one that is surest for or against this student. */
export function reasonsOf(evidence: Record<string, unknown> | undefined): Reason[] {
  return Object.entries(evidence ?? {}).flatMap(([field, engines]) => {
    const readings = Object.values((engines ?? {}) as Record<string, { text: string; fit: number }>)
    const surest = readings.sort((one, other) => Math.abs(other.fit) - Math.abs(one.fit))[0]
    if (!surest?.text) return []
    return [{ field, text: surest.text, verdict: verdictOf(surest.fit) }]
  })
}

function verdictOf(fit: number): Reason['verdict'] {
  if (fit >= clear) return 'for'
  return fit <= -clear ? 'against' : 'open'
}
