import type { HistogramBar, QuestionStatistics } from './publicationApi'

export type Reliability = 'none' | 'low' | 'fair' | 'good'

/** What Cronbach's alpha means in words; the limits are those that textbooks give for an exam. */
export function reliabilityOf(alpha: number | null): Reliability {
  if (alpha === null) return 'none'
  if (alpha >= 0.8) return 'good'
  return alpha >= 0.6 ? 'fair' : 'low'
}

export type Remarkable = 'reversed' | 'weak' | 'easy' | 'hard'

/** What an author should look at in a question; nothing for one that does its work. */
export function remarkableIn({ difficulty, discrimination }: QuestionStatistics): Remarkable | undefined {
  if (discrimination !== null && discrimination < 0) return 'reversed'
  // A question that all or none answer cannot tell copies apart; that it is easy or hard says it all.
  if (difficulty !== null && difficulty >= 0.9) return 'easy'
  if (difficulty !== null && difficulty <= 0.1) return 'hard'
  if (discrimination !== null && discrimination < 0.2) return 'weak'
  return undefined
}

export interface DrawnBar extends HistogramBar {
  x: number
  y: number
  width: number
  height: number
}

export interface Plot {
  bars: DrawnBar[]
  ticks: { value: number; x: number }[]
  /** Where a mark lies from left to right. */
  at: (mark: number) => number
}

/** Pixels that a label of the scale needs. */
const label = 36

/** Bars and scale in a box of that size; the room for a count above the highest bar is left to the caller. */
export function plotOf(histogram: HistogramBar[], width: number, height: number): Plot {
  const from = histogram[0]?.from ?? 0
  const to = histogram.at(-1)?.to ?? 1
  const most = Math.max(1, ...histogram.map(bar => bar.count))
  const at = (mark: number) => ((mark - from) / (to - from)) * width
  const bars = histogram.map(bar => {
    const tall = (bar.count / most) * height
    return { ...bar, x: at(bar.from), y: height - tall, width: at(bar.to) - at(bar.from), height: tall }
  })
  const edges = [from, ...histogram.map(bar => bar.to)]
  const step = stepOf(edges.length - 1, width)
  const ticks = edges.filter((_, index) => index % step === 0).map(value => ({ value, x: at(value) }))
  return { bars, ticks, at }
}

/** Every how many bars the scale has a label: a divisor of their number where one fits, so that the last edge has one. */
function stepOf(bars: number, width: number): number {
  const least = Math.max(1, Math.ceil((bars * label) / width))
  for (let step = least; step <= bars; step += 1) if (bars % step === 0) return step
  return least
}
