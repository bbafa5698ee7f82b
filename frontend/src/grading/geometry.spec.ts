import { describe, expect, it } from 'vitest'
import { boxAt, boxBetween, inkOf, moved, resized, strokesOf, thinned, touches, type Stroke } from './geometry'
import type { Mark } from './marks'

const ink = (strokes: Stroke[]): Mark => ({
  ...{ id: 'i', page_index: 0, type: 'INK', score_delta: null, question_id: null, version: 1 },
  ...inkOf(strokes),
})

describe('boxes', () => {
  it('stay within the face, whichever way they were drawn', () => {
    expect(boxBetween({ x: 0.5, y: 1.2 }, { x: 0.2, y: 0.8 })).toEqual({ x: 0.2, y: 0.8, w: 0.3, h: 0.2 })
    const { x, w } = boxAt({ x: 0.95, y: 0.5 }, 0.3, 0.04)
    expect(x + w).toBeLessThanOrEqual(1)
  })

  it('are never too small to be taken hold of', () => {
    const { w, h } = boxBetween({ x: 0.2, y: 0.2 }, { x: 0.2, y: 0.2 })
    expect(Math.min(w, h)).toBeGreaterThan(0.005)
  })
})

describe('ink', () => {
  const line: Stroke = [
    [0.1, 0.1],
    [0.3, 0.2],
  ]

  it('moves with its strokes and not over the edge', () => {
    expect(strokesOf(moved(ink([line]), { x: 0.1, y: 0 }).content!)[0]![0]).toEqual([0.2, 0.1])
    const far = moved(ink([line]), { x: 2, y: 2 })
    expect(far.x + far.w).toBeLessThanOrEqual(1)
  })

  it('grows with its box', () => {
    expect(strokesOf(resized(ink([line]), { x: 0.2, y: 0.1 }).content!)[0]![1]).toEqual([0.5, 0.3])
  })

  it('is thinned without losing its corners', () => {
    const many = Array.from({ length: 100 }, (_, index): [number, number] => [index / 200, 0.5])
    expect(thinned([...many, [0.495, 0.9]])).toEqual([
      [0, 0.5],
      [0.495, 0.5],
      [0.495, 0.9],
    ])
  })

  it('is erased where it was drawn, not in the empty part of its box', () => {
    expect(touches(ink([line]), { x: 0.2, y: 0.15 })).toBe(true)
    expect(touches(ink([line]), { x: 0.28, y: 0.11 })).toBe(false)
  })

  it('of one point is a dot', () => {
    expect(inkOf([[[0.5, 0.5]]]).w).toBeGreaterThan(0)
  })
})
