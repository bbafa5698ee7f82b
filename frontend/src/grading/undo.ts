import { inverseOf, targetOf, type Intent } from './operations'
import type { Marks } from './marks'

interface Step {
  back: Intent
  again: Intent
  /** Typing in one field is one step. */
  group?: string
}

/** What can be taken back and done again, of one copy. */
export interface Steps {
  done: readonly Step[]
  undone: readonly Step[]
}

export const noSteps: Steps = { done: [], undone: [] }

const longest = 200

export function noted(steps: Steps, intent: Intent, before: Marks, group?: string): Steps {
  const back = inverseOf(intent, before)
  if (!back) return steps
  const last = steps.done.at(-1)
  if (group && last?.group === group && targetOf(last.again) === targetOf(intent)) {
    const again =
      last.again.kind === 'create_annotation' ? ({ ...last.again, ...intent, kind: last.again.kind } as Intent) : intent
    return { done: steps.done.with(-1, { ...last, again }), undone: [] }
  }
  return { done: [...steps.done, { back, again: intent, group }].slice(-longest), undone: [] }
}

export function stepBack(steps: Steps): { steps: Steps; intent?: Intent } {
  const last = steps.done.at(-1)
  if (!last) return { steps }
  return { steps: { done: steps.done.slice(0, -1), undone: [...steps.undone, last] }, intent: last.back }
}

export function stepAgain(steps: Steps): { steps: Steps; intent?: Intent } {
  const last = steps.undone.at(-1)
  if (!last) return { steps }
  return { steps: { done: [...steps.done, last], undone: steps.undone.slice(0, -1) }, intent: last.again }
}
