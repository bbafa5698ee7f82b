import { describe, expect, it } from 'vitest'
import type { PublishedAnnotation, PublishedCopy } from './publicationApi'
import { questionsOf, wordsOf, writtenByPage } from './publishedCopy'

const annotation = (with_: Partial<PublishedAnnotation>): PublishedAnnotation => ({
  ...{ id: '', page_index: 0, x: 0, y: 0, w: 0.1, h: 0.1 },
  ...{ type: 'COMMENT', content: 'Bien', score_delta: null, question_id: null },
  ...with_,
})

describe('a marked copy', () => {
  it('has the remark of each question beside its points', () => {
    const copy = {
      scores_details: [
        { question_id: 'q1', label: '1', points: 2, maximum: 3 },
        { question_id: 'q2', label: '2', points: null, maximum: 4 },
      ],
      remarks: [{ question_id: 'q2', remark: 'À revoir' }],
    } as PublishedCopy
    expect(questionsOf(copy).map(one => [one.label, one.points, one.remark])).toEqual([
      ['1', 2, ''],
      ['2', null, 'À revoir'],
    ])
  })

  it('is read page by page, from top to bottom', () => {
    const read = writtenByPage([
      annotation({ page_index: 2, content: 'c' }),
      annotation({ y: 0.8, content: 'b' }),
      annotation({ y: 0.1, content: 'a' }),
    ])
    expect(read.map(([page, written]) => [page, written.map(one => one.content)])).toEqual([
      [0, ['a', 'b']],
      [2, ['c']],
    ])
  })

  it('does not tell drawings, except for their points', () => {
    const ink = annotation({ type: 'INK', content: '{"strokes":[]}' })
    expect(writtenByPage([ink, annotation({ content: ' ' })])).toEqual([])
    expect(writtenByPage([{ ...ink, score_delta: -1 }])).toHaveLength(1)
    expect(wordsOf(ink)).toBe('')
  })
})
