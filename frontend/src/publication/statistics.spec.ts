import { describe, expect, it } from 'vitest'
import type { QuestionStatistics } from './publicationApi'
import { plotOf, reliabilityOf, remarkableIn } from './statistics'

const bars = (counts: number[], width = 1) =>
  counts.map((count, index) => ({ from: index * width, to: (index + 1) * width, count }))
const question = (difficulty: number | null, discrimination: number | null) =>
  ({ difficulty, discrimination }) as QuestionStatistics

describe('the histogram', () => {
  it('lets the highest bar fill the height and the bars the width', () => {
    const { bars: drawn } = plotOf(bars([1, 4, 0, 2]), 400, 100)
    expect(drawn.map(bar => bar.height)).toEqual([25, 100, 0, 50])
    expect(drawn.map(bar => [bar.x, bar.y, bar.width])).toEqual([
      [0, 75, 100],
      [100, 0, 100],
      [200, 100, 100],
      [300, 50, 100],
    ])
  })

  it('places a mark on the scale', () => {
    expect(plotOf(bars(Array<number>(20).fill(1)), 400, 100).at(10)).toBe(200)
    expect(plotOf(bars(Array<number>(20).fill(1), 0.5), 400, 100).at(10)).toBe(400)
  })

  it('has as many labels as there is room for, the two ends among them', () => {
    const values = (width: number) => plotOf(bars(Array<number>(20).fill(1)), width, 100).ticks.map(tick => tick.value)
    expect(values(800)).toHaveLength(21)
    expect(values(300)).toEqual([0, 4, 8, 12, 16, 20])
    expect(values(80)).toEqual([0, 10, 20])
  })

  it('draws nothing of nothing', () => {
    expect(plotOf([], 400, 100).bars).toEqual([])
    expect(plotOf(bars([0, 0]), 400, 100).bars.map(bar => bar.height)).toEqual([0, 0])
  })
})

describe('what figures mean', () => {
  it('says how far a total can be relied on', () => {
    expect([null, -0.2, 0.59, 0.6, 0.79, 0.8, 0.95].map(reliabilityOf)).toEqual([
      ...['none', 'low', 'low', 'fair', 'fair', 'good', 'good'],
    ])
  })

  it('points at questions an author should look at', () => {
    expect(remarkableIn(question(0.5, 0.4))).toBeUndefined()
    expect(remarkableIn(question(0.5, 0.1))).toBe('weak')
    expect(remarkableIn(question(0.5, -0.1))).toBe('reversed')
    expect(remarkableIn(question(0.95, 0.1))).toBe('easy')
    expect(remarkableIn(question(0.05, null))).toBe('hard')
    expect(remarkableIn(question(null, null))).toBeUndefined()
  })
})
