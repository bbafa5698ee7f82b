import type { LoggedOperation } from './gradingApi'
import type { Marks } from './marks'
import { applied, targetOf, type Operation } from './operations'

/** An operation that the server has not answered yet. */
export interface Pending {
  operation: Operation
  /** It may have reached the server, so it keeps its id and its content. */
  sent: boolean
}

/** As many as one request takes. */
const most = 500

/** The queue with one more operation at its end; one that nobody has seen yet takes up what follows on the same target. */
export function queued(queue: readonly Pending[], operation: Operation): Pending[] {
  const target = targetOf(operation)
  const index = queue.findLastIndex(one => targetOf(one.operation) === target)
  const before = queue[index]
  if (!before || before.sent) return [...queue, { operation, sent: false }]
  const merged = merge(before.operation, operation)
  if (merged === 'both') return [...queue, { operation, sent: false }]
  return merged ? queue.with(index, { operation: merged, sent: false }) : queue.toSpliced(index, 1)
}

/** One operation for two on the same target; undefined when nothing is left to do, 'both' when each is needed. */
function merge(before: Operation, after: Operation): Operation | undefined | 'both' {
  const { id } = before
  if (before.kind === 'create_annotation') {
    if (after.kind === 'delete_annotation') return undefined
    if (after.kind !== 'change_annotation') return 'both'
    const { kind: _kind, base_version: _base, ...change } = after
    return { ...before, ...change, id }
  }
  if (before.kind === 'delete_annotation') return 'both'
  if (after.kind === 'create_annotation') return 'both'
  const known = 'base' in before ? { base: before.base } : { base_version: before.base_version }
  return { ...before, ...after, ...known, id } as Operation
}

/** What to send next, one operation for each target, and the queue with these marked as sent. */
export function taken(queue: readonly Pending[]): { queue: Pending[]; batch: Operation[] } {
  const targets = new Set<string>()
  const batch: Operation[] = []
  const marked = queue.map(one => {
    const target = targetOf(one.operation)
    if (targets.has(target) || batch.length === most) return one
    targets.add(target)
    batch.push(one.operation)
    return one.sent ? one : { ...one, sent: true }
  })
  return { queue: marked, batch }
}

/**
 * The queue without what was answered. What follows a conflict on the same target was built upon it, so it keeps the
 * conflict's own base: it must not slip over what stands there.
 */
export function answered(queue: readonly Pending[], results: readonly LoggedOperation[]): Pending[] {
  const outcomes = new Map(results.map(result => [result.id, result.outcome]))
  const bases = new Map<string, Pick<Operation, 'base' | 'base_version'>>()
  for (const { operation } of queue) {
    if (outcomes.get(operation.id) !== 'CONFLICT') continue
    bases.set(targetOf(operation), { base: operation.base, base_version: operation.base_version })
  }
  return queue
    .filter(({ operation }) => !outcomes.has(operation.id))
    .map(one => {
      const base = bases.get(targetOf(one.operation))
      return base ? { ...one, operation: { ...one.operation, ...base } } : one
    })
}

/** The marks of the server with everything on them that it has not answered yet. */
export const folded = (marks: Marks, queue: readonly Pending[]): Marks =>
  queue.reduce((sum, { operation }) => applied(sum, operation), marks)
