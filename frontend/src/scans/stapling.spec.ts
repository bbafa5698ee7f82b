import { describe, expect, it } from 'vitest'
import { makeBooklet, makeFace } from '@/testing/factories'
import { neighbour, placed, shifted, turned, without } from './stapling'

const [a, b, c, d] = ['a', 'b', 'c', 'd'].map(id => makeFace({ id })) as [never, never, never, never]
const booklet = makeBooklet([a, b, c])
const ids = (faces?: { id: string }[]) => faces?.map(face => face.id).join('')

describe('arranging a booklet', () => {
  it('turns one face and leaves the others as they are', () => {
    expect(turned(booklet, 'b', 1)).toEqual([{ id: 'a' }, { id: 'b', rotation: 90 }, { id: 'c' }])
    expect(turned(booklet, 'b', -1)[1]).toEqual({ id: 'b', rotation: 270 })
  })

  it('turns all the way round', () => {
    const turnedOnce = makeBooklet([makeFace({ id: 'x', rotation: 270 })])
    expect(turned(turnedOnce, 'x', 1)).toEqual([{ id: 'x', rotation: 0 }])
  })

  it.each([
    ['a', 1, 'bac'],
    ['c', -1, 'acb'],
    ['a', -1, undefined],
    ['c', 1, undefined],
  ] as const)('moves face %s by %i', (face, by, order) => {
    expect(ids(shifted(booklet, face, by))).toBe(order)
  })

  it('takes a face of another booklet in, at any place', () => {
    expect(ids(placed(booklet, 'd', 0))).toBe('dabc')
    expect(ids(placed(booklet, 'd', 2))).toBe('abdc')
    expect(ids(placed(booklet, 'd', 3))).toBe('abcd')
  })

  it('never names a face twice when it is dropped inside its own booklet', () => {
    expect(ids(placed(booklet, 'a', 3))).toBe('bca')
    expect(ids(placed(booklet, 'b', 1))).toBe('abc')
  })

  it('does not empty a booklet', () => {
    expect(ids(without(booklet, 'b'))).toBe('ac')
    expect(without(makeBooklet([d]), 'd')).toBeUndefined()
  })
})

describe('going from face to face', () => {
  const booklets = [booklet, makeBooklet([d])]

  it('crosses from one booklet to the next and stops at the ends', () => {
    expect(neighbour(booklets, 'c', 1)).toBe('d')
    expect(neighbour(booklets, 'd', 1)).toBe('d')
    expect(neighbour(booklets, 'a', -1)).toBe('a')
  })

  it('begins at the first face, also when the chosen one is gone', () => {
    expect(neighbour(booklets, undefined, 1)).toBe('a')
    expect(neighbour(booklets, 'gone', 1)).toBe('a')
    expect(neighbour([], undefined, 1)).toBeUndefined()
  })
})
