import { describe, expect, it } from 'vitest'
import type { LoggedOperation } from './gradingApi'
import { noMarks, totalOf, unscored, pointsTyped, type Mark, type Marks } from './marks'
import { applied, newId, operationOf, type Intent } from './operations'
import { answered, folded, queued, taken, type Pending } from './outbox'
import { noSteps, noted, stepAgain, stepBack } from './undo'

const box = { page_index: 0, x: 0.1, y: 0.1, w: 0.2, h: 0.1 }
const plain = { ...box, type: 'COMMENT' as const, content: 'Bien', score_delta: null, question_id: null }
const create = (annotation_id: string): Intent => ({ kind: 'create_annotation', annotation_id, ...plain })
const change = (annotation_id: string, content: string): Intent => ({
  kind: 'change_annotation',
  annotation_id,
  content,
})
const drop = (annotation_id: string): Intent => ({ kind: 'delete_annotation', annotation_id })
const score = (question_id: string, points: number | null): Intent => ({ kind: 'score', question_id, points })
const remark = (text: string): Intent => ({ kind: 'remark', question_id: 'q1', remark: text })

/** A queue as a page fills it: every intent meets the marks as they are shown then. */
function fill(queue: Pending[], marks: Marks, ...intents: Intent[]): Pending[] {
  return intents.reduce((sum, intent) => queued(sum, operationOf(intent, folded(marks, sum))), queue)
}

const logged = (one: Pending, outcome: LoggedOperation['outcome']) =>
  ({ id: one.operation.id, outcome }) as LoggedOperation

describe('the outbox', () => {
  it('sends what was typed as one operation, on what stood there before', () => {
    const queue = fill([], { ...noMarks, remarks: { q1: 'Vu' } }, remark('B'), remark('Bi'), remark('Bien'))
    expect(queue.map(one => one.operation)).toMatchObject([{ kind: 'remark', remark: 'Bien', base: 'Vu' }])
  })

  it('leaves alone what may have reached the server', () => {
    const { queue, batch } = taken(fill([], noMarks, score('q1', 2)))
    const more = fill(queue, noMarks, score('q1', 3), score('q1', 4))
    expect(more.map(one => one.operation)).toMatchObject([
      { points: 2, base: null },
      { points: 4, base: 2 },
    ])
    expect(more[0]!.operation).toEqual(batch[0])
  })

  it('makes one creation of an annotation that was changed at once, and nothing of one that was removed at once', () => {
    const id = newId()
    const queue = fill([], noMarks, create(id), change(id, 'Très bien'))
    expect(queue.map(one => one.operation)).toMatchObject([{ kind: 'create_annotation', content: 'Très bien' }])
    expect(fill(queue, noMarks, drop(id))).toEqual([])
  })

  it('takes back what was removed: both are sent', () => {
    const id = newId()
    const mark: Mark = { ...plain, id, version: 3 }
    const queue = fill([], { ...noMarks, annotations: { [id]: mark } }, drop(id), create(id))
    expect(queue.map(one => one.operation.kind)).toEqual(['delete_annotation', 'create_annotation'])
    expect(taken(queue).batch).toHaveLength(1)
  })

  it('counts versions as the server does', () => {
    const id = newId()
    const first = taken(fill([], noMarks, create(id))).queue
    const second = taken(fill(first, noMarks, change(id, 'a'), change(id, 'b'))).queue
    const third = fill(second, noMarks, change(id, 'c'))
    // The change of version 1 waits for the creation's answer and may still grow.
    expect(third.map(one => one.operation.base_version)).toEqual([undefined, 1])
    const later = taken(answered(third, [logged(third[0]!, 'APPLIED')]))
    const fourth = fill(
      later.queue,
      { ...noMarks, annotations: { [id]: { ...plain, id, version: 1 } } },
      change(id, 'd'),
    )
    expect(fourth.map(one => one.operation.base_version)).toEqual([1, 2])
  })

  it('never lets what follows a conflict slip over what stands there', () => {
    const sent = taken(fill([], noMarks, score('q1', 2))).queue
    const queue = fill(sent, noMarks, score('q1', 3))
    const rest = answered(queue, [logged(queue[0]!, 'CONFLICT')])
    expect(rest.map(one => one.operation)).toMatchObject([{ points: 3, base: null }])
  })

  it('keeps everything until it is answered, and shows it meanwhile', () => {
    const queue = taken(fill([], noMarks, score('q1', 2), remark('x'), create('a'))).queue
    expect(answered(queue, [])).toEqual(queue)
    expect(folded(noMarks, queue)).toMatchObject({ scores: { q1: 2 }, remarks: { q1: 'x' }, annotations: { a: plain } })
  })
})

describe('steps', () => {
  it('go back and forth, typing in one field as one', () => {
    const intents: Intent[] = [score('q1', 1), remark('a'), remark('ab')]
    let marks = noMarks
    let steps = noSteps
    for (const intent of intents) {
      steps = noted(steps, intent, marks, intent.kind === 'remark' ? 'typing' : undefined)
      marks = applied(marks, intent)
    }
    const back = stepBack(steps)
    expect(back.intent).toMatchObject({ remark: '' })
    expect(stepBack(back.steps).intent).toMatchObject({ points: null })
    expect(stepAgain(back.steps).intent).toMatchObject({ remark: 'ab' })
  })

  it('bring a removed annotation back as it was', () => {
    const marks = { ...noMarks, annotations: { a: { ...plain, id: 'a', version: 4 } } }
    const { intent } = stepBack(noted(noSteps, drop('a'), marks))
    expect(intent).toMatchObject(create('a'))
  })
})

describe('marks', () => {
  const bareme = {
    ...{ exam_id: 'e', mark_step: 0.25, maximum: 10 },
    grading_structure: [
      {
        ...{ id: 'ex1', label: '', points: 5, best: 1 },
        children: [
          { id: 'a', label: '', points: 5 },
          { id: 'b', label: '', points: 5 },
        ],
      },
      { id: 'c', label: '', points: 5 },
    ],
  }

  it('add up as on the server: the best, points of annotations on no scored question, never over the maximum', () => {
    const annotations = {
      one: { ...plain, id: 'one', version: 1, score_delta: -1 },
      two: { ...plain, id: 'two', version: 1, score_delta: 2, question_id: 'c' },
    }
    expect(totalOf(bareme, { ...noMarks, scores: { a: 1, b: 4, c: 3 }, annotations })).toBe(6)
    expect(totalOf(bareme, { ...noMarks, scores: { a: 1 }, annotations })).toBe(2)
    expect(unscored(bareme.grading_structure, { a: 1 })).toEqual(['c'])
  })

  it('are read as people type them', () => {
    expect(pointsTyped('2,5', 5, 0.25)).toBe(2.5)
    expect(pointsTyped('', 5, 0.25)).toBeNull()
    for (const wrong of ['6', '-1', '0,3', 'x', '1,001']) expect(pointsTyped(wrong, 5, 0.25)).toBeUndefined()
    expect(pointsTyped('4,9', 4.9, 0.25)).toBe(4.9)
  })
})
