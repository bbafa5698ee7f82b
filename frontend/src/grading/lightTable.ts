import type { QuestionOnCopy } from './gradingApi'

export type Order = 'number' | 'points_up' | 'points_down' | 'pile'
export const orders: readonly Order[] = ['number', 'points_up', 'points_down', 'pile']

/** Which pile a copy was put on, by its id; piles are figures from 1. */
export type Piles = Readonly<Record<string, number>>

/** Piles that one can make: as many as keys. */
export const mostPiles = 9

const byNumber = (a: QuestionOnCopy, b: QuestionOnCopy) =>
  a.anonymous_id.localeCompare(b.anonymous_id, undefined, { numeric: true })

/** Copies side by side in the order that is wanted; those without points, or on no pile, come last. */
export function sorted(copies: readonly QuestionOnCopy[], order: Order, piles: Piles): QuestionOnCopy[] {
  const last = Infinity
  const value: Record<Order, (copy: QuestionOnCopy) => number> = {
    number: () => 0,
    points_up: copy => copy.points ?? last,
    points_down: copy => (copy.points === null ? last : -copy.points),
    pile: copy => piles[copy.copy_id] ?? last,
  }
  const of = value[order]
  return [...copies].sort((a, b) => (of(a) === of(b) ? byNumber(a, b) : of(a) - of(b)))
}

export interface Group {
  /** Undefined for copies on no pile. */
  pile: number | undefined
  copies: QuestionOnCopy[]
}

/** One group for all, or one for each pile. */
export function grouped(copies: readonly QuestionOnCopy[], order: Order, piles: Piles): Group[] {
  const all = sorted(copies, order, piles)
  if (order !== 'pile') return [{ pile: undefined, copies: all }]
  return [...Map.groupBy(all, copy => piles[copy.copy_id])].map(([pile, members]) => ({ pile, copies: members }))
}

/** The copy onto another pile; onto the one where it lies: off it. */
export function put(piles: Piles, copy_id: string, pile: number): Piles {
  const { [copy_id]: before, ...others } = piles
  return before === pile || pile === 0 ? others : { ...others, [copy_id]: pile }
}

/** The mean of the points that were given, for a look at a pile; undefined without any. */
export function meanOf(copies: readonly QuestionOnCopy[]): number | undefined {
  const given = copies.flatMap(({ points }) => (points === null ? [] : [points]))
  return given.length ? given.reduce((sum, points) => sum + points, 0) / given.length : undefined
}
