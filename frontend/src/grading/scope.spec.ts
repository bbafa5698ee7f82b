import { describe, expect, it } from 'vitest'
import type { DeskCopy } from './deskCopy'
import { noMarks } from './marks'
import { allowed, covers, mayChange } from './scope'

const me = 7
const tree = [
  { id: 'ex1', label: '1', points: 5, children: [{ id: 'q1', label: 'a', points: 5 }] },
  { id: 'ex2', label: '2', points: 8 },
]
const mark = { page_index: 0, x: 0, y: 0, w: 0.1, h: 0.1, type: 'COMMENT', content: 'Oui', score_delta: null } as const
const copyOf = (exercise_ids: string[] | null) =>
  ({
    exercise_ids,
    bareme: { grading_structure: tree },
    marks: {
      ...noMarks,
      annotations: {
        own: { ...mark, id: 'own', question_id: null, version: 1, created_by: me },
        other: { ...mark, id: 'other', question_id: null, version: 1, created_by: 8 },
      },
    },
  }) as unknown as DeskCopy

describe('what of a copy is one’s own to mark', () => {
  it('is everything, for whom the copy was given to', () => {
    const copy = copyOf(null)
    expect(covers(copy, null) && covers(copy, 'q1') && mayChange(copy, 'other', me)).toBe(true)
  })
  it('is the questions of one’s exercises, and one’s own annotations', () => {
    const copy = copyOf(['ex1'])
    expect([null, 'q1', 'ex1', 'ex2', 'gone'].map(id => covers(copy, id))).toEqual([false, true, true, false, false])
    expect(['own', 'other', 'new'].map(id => mayChange(copy, id, me))).toEqual([true, false, true])
  })
  it('is all that is written', () => {
    const copy = copyOf(['ex1'])
    const create = { ...mark, kind: 'create_annotation', annotation_id: 'new', question_id: null } as const
    expect(allowed(copy, { kind: 'score', question_id: 'q1', points: 1 }, me)).toBe(true)
    expect(allowed(copy, { kind: 'score', question_id: 'ex2', points: 1 }, me)).toBe(false)
    expect(allowed(copy, { kind: 'appreciation', global_appreciation: 'Bien' }, me)).toBe(false)
    expect(allowed(copy, create, me)).toBe(true)
    expect(allowed(copy, { ...create, score_delta: 1 }, me)).toBe(false)
    expect(allowed(copy, { ...create, score_delta: 1, question_id: 'q1' }, me)).toBe(true)
    expect(allowed(copy, { ...create, question_id: 'ex2' }, me)).toBe(false)
    expect(allowed(copy, { kind: 'delete_annotation', annotation_id: 'other' }, me)).toBe(false)
    expect(allowed(copy, { kind: 'change_annotation', annotation_id: 'own', content: 'Non' }, me)).toBe(true)
  })
})
