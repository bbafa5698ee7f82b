import type { Mark } from './marks'

/** Fractions of a face. */
export interface Point {
  x: number
  y: number
}

export interface Box extends Point {
  w: number
  h: number
}

export type Stroke = [number, number][]

/** The smallest side of a box that a person can still take hold of. */
const smallest = 0.008

const held = (value: number) => Math.min(Math.max(value, 0), 1)
/** Four places are a tenth of a pixel on a face. */
const short = (value: number) => Math.round(value * 10_000) / 10_000

export function boxBetween(a: Point, b: Point): Box {
  const x = held(Math.min(a.x, b.x))
  const y = held(Math.min(a.y, b.y))
  return inside({ x, y, w: held(Math.max(a.x, b.x)) - x, h: held(Math.max(a.y, b.y)) - y })
}

/** The box within the face, as large as before where it can be. */
export function inside({ x, y, w, h }: Box): Box {
  const width = short(Math.min(Math.max(w, smallest), 1))
  const height = short(Math.min(Math.max(h, smallest), 1))
  return {
    ...{ x: short(Math.min(held(x), 1 - width)), y: short(Math.min(held(y), 1 - height)) },
    ...{ w: width, h: height },
  }
}

/** The box of something that is put down with one click, its middle left edge at the point. */
export const boxAt = ({ x, y }: Point, w: number, h: number): Box => inside({ x, y: y - h / 2, w, h })

export function strokesOf(content: string): Stroke[] {
  try {
    const { strokes } = JSON.parse(content) as { strokes: Stroke[] }
    return Array.isArray(strokes) ? strokes : []
  } catch {
    return []
  }
}

/** What an INK annotation holds for these strokes. */
export function inkOf(strokes: Stroke[]): Box & { content: string } {
  const kept = strokes.map(stroke => stroke.map(([x, y]) => [short(held(x)), short(held(y))] as [number, number]))
  const points = kept.flat()
  const xs = points.map(([x]) => x)
  const ys = points.map(([, y]) => y)
  const [left, top] = [Math.min(...xs), Math.min(...ys)]
  const box = inside({ x: left, y: top, w: Math.max(...xs) - left, h: Math.max(...ys) - top })
  return { ...box, content: JSON.stringify({ strokes: kept }) }
}

/** The fewest points that draw the stroke to within a tolerance (Ramer, Douglas, Peucker). */
export function thinned(stroke: Stroke, tolerance = 0.0006): Stroke {
  if (stroke.length < 3) return stroke
  const first = stroke[0]!
  const last = stroke.at(-1)!
  let farthest = 0
  let most = 0
  for (let index = 1; index < stroke.length - 1; index += 1) {
    const away = distanceToLine(stroke[index]!, first, last)
    if (away > most) [farthest, most] = [index, away]
  }
  if (most <= tolerance) return [first, last]
  const head = thinned(stroke.slice(0, farthest + 1), tolerance)
  return [...head.slice(0, -1), ...thinned(stroke.slice(farthest), tolerance)]
}

function distanceToLine([x, y]: [number, number], [ax, ay]: [number, number], [bx, by]: [number, number]): number {
  const [dx, dy] = [bx - ax, by - ay]
  const length = Math.hypot(dx, dy)
  if (length === 0) return Math.hypot(x - ax, y - ay)
  return Math.abs(dy * x - dx * y + bx * ay - by * ax) / length
}

type Placed = Box & { content?: string }

/** The mark moved, ink with its strokes; it stays within the face. */
export function moved(mark: Mark, by: Point): Placed {
  const box = inside({ ...mark, x: mark.x + by.x, y: mark.y + by.y })
  if (mark.type !== 'INK') return box
  const [dx, dy] = [box.x - mark.x, box.y - mark.y]
  return inkOf(strokesOf(mark.content).map(stroke => stroke.map(([x, y]) => [x + dx, y + dy])))
}

/** The mark with its lower right corner elsewhere; ink is scaled. */
export function resized(mark: Mark, by: Point): Placed {
  const box = inside({
    x: mark.x,
    y: mark.y,
    w: Math.min(mark.w + by.x, 1 - mark.x),
    h: Math.min(mark.h + by.y, 1 - mark.y),
  })
  if (mark.type !== 'INK') return box
  const [sx, sy] = [box.w / mark.w, box.h / mark.h]
  const scale = ([x, y]: [number, number]): [number, number] => [mark.x + (x - mark.x) * sx, mark.y + (y - mark.y) * sy]
  return inkOf(strokesOf(mark.content).map(stroke => stroke.map(scale)))
}

/** Whether an eraser at the point touches the mark. */
export function touches(mark: Mark, point: Point, reach = 0.012): boolean {
  const near =
    point.x > mark.x - reach &&
    point.x < mark.x + mark.w + reach &&
    point.y > mark.y - reach &&
    point.y < mark.y + mark.h + reach
  if (!near || mark.type !== 'INK') return near
  return strokesOf(mark.content).some(stroke =>
    stroke.some(([x, y], index) => {
      const next = stroke[index + 1] ?? [x, y]
      return distanceToSegment([point.x, point.y], [x, y], next) < reach
    }),
  )
}

function distanceToSegment(point: [number, number], a: [number, number], b: [number, number]): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const along = ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / (dx * dx + dy * dy || 1)
  const t = Math.min(Math.max(along, 0), 1)
  return Math.hypot(point[0] - a[0] - t * dx, point[1] - a[1] - t * dy)
}

/** The stroke as an SVG path, coordinates times the scales. */
export function pathOf(stroke: Stroke, sx: number, sy: number): string {
  const at = ([x, y]: [number, number]) => `${(x * sx).toFixed(1)} ${(y * sy).toFixed(1)}`
  if (stroke.length === 1) return `M${at(stroke[0]!)}h0.1`
  return `M${stroke.map(at).join('L')}`
}
