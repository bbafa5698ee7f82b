import { describe, expect, it } from 'vitest'
import { router } from '@/router'
import { byWork, placeOf } from './obstacles'

describe('what stands in the way of results', () => {
  it('is told in the order of the work', () => {
    const told = byWork([
      { code: 'pdf_missing', count: 1, examples: [] },
      { code: 'not_graded', count: 2, examples: [] },
      { code: 'not_identified', count: 3, examples: [] },
    ])
    expect(told.map(one => one.code)).toEqual(['not_identified', 'not_graded', 'pdf_missing'])
  })

  it('leads to a page that exists', () => {
    expect(router.resolve(placeOf('not_identified', 'e1')).path).toBe('/exams/e1/identify')
    expect(router.resolve(placeOf('pdf_missing', 'e1')).path).toBe('/tasks')
    expect(router.resolve(placeOf('no_copies', 'e1')).matched).toHaveLength(1)
  })
})
