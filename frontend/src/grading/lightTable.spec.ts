import { describe, expect, it } from 'vitest'
import type { QuestionOnCopy } from './gradingApi'
import { grouped, meanOf, put, sorted } from './lightTable'

const copy = (anonymous_id: string, points: number | null): QuestionOnCopy => ({
  ...{ copy_id: anonymous_id.toLowerCase(), anonymous_id, status: 'READY', points, remark: null },
  ...{ annotations_count: 0, locked_by_other: false },
})
const all = [copy('A010', 2), copy('A002', null), copy('A003', 0), copy('A001', 2)]
const names = (copies: QuestionOnCopy[]) => copies.map(one => one.anonymous_id).join(' ')

describe('the light table', () => {
  it('sorts by number and by mark, copies without points last either way', () => {
    expect(names(sorted(all, 'number', {}))).toBe('A001 A002 A003 A010')
    expect(names(sorted(all, 'points_up', {}))).toBe('A003 A001 A010 A002')
    expect(names(sorted(all, 'points_down', {}))).toBe('A001 A010 A003 A002')
  })

  it('lays piles out one after the other, and then what lies on none', () => {
    const piles = put(put({}, 'a003', 2), 'a010', 1)
    expect(grouped(all, 'pile', piles).map(group => `${group.pile}: ${names(group.copies)}`)).toEqual([
      '1: A010',
      '2: A003',
      'undefined: A001 A002',
    ])
  })

  it('takes a copy off the pile it lies on', () => {
    expect(put(put({}, 'a', 1), 'a', 1)).toEqual({})
    expect(put(put({}, 'a', 1), 'a', 2)).toEqual({ a: 2 })
    expect(put(put({}, 'a', 1), 'a', 0)).toEqual({})
  })

  it('means over what was given only', () => {
    expect(meanOf(all)).toBeCloseTo(4 / 3)
    expect(meanOf([all[1]!])).toBeUndefined()
  })
})
