import type { Booklet, Face, Rotation } from './scansApi'

export interface ArrangedFace {
  id: Face['id']
  rotation?: Rotation
}

const asNow = (booklet: Booklet): ArrangedFace[] => booklet.faces.map(face => ({ id: face.id }))

export function bookletOf(booklets: Booklet[], face_id: Face['id']): Booklet | undefined {
  return booklets.find(booklet => booklet.faces.some(face => face.id === face_id))
}

/** The booklet with one face turned clockwise by quarters. */
export function turned(booklet: Booklet, face_id: Face['id'], quarters: number): ArrangedFace[] {
  return booklet.faces.map(({ id, rotation }) =>
    id === face_id ? { id, rotation: ((((rotation + 90 * quarters) % 360) + 360) % 360) as Rotation } : { id },
  )
}

/** The booklet with a face, its own or a foreign one, standing before the face now at `index`; at the end when there is none. */
export function placed(booklet: Booklet, face_id: Face['id'], index: number): ArrangedFace[] {
  const order = asNow(booklet)
  const before = order.slice(0, index).filter(face => face.id !== face_id)
  const after = order.slice(index).filter(face => face.id !== face_id)
  return [...before, { id: face_id }, ...after]
}

/** The booklet with a face moved by one place; undefined when it stands at that end already. */
export function shifted(booklet: Booklet, face_id: Face['id'], by: 1 | -1): ArrangedFace[] | undefined {
  const from = booklet.faces.findIndex(face => face.id === face_id)
  const to = from + by
  if (to < 0 || to >= booklet.faces.length) return undefined
  return placed(booklet, face_id, by === 1 ? to + 1 : to)
}

/** The booklet without a face; undefined when nothing would be left, for that is dissolving it. */
export function without(booklet: Booklet, face_id: Face['id']): ArrangedFace[] | undefined {
  const left = asNow(booklet).filter(face => face.id !== face_id)
  return left.length > 0 ? left : undefined
}

/** The face reached from another one by going on in reading order through all booklets. */
export function neighbour(booklets: Booklet[], face_id: Face['id'] | undefined, by: 1 | -1): Face['id'] | undefined {
  const order = booklets.flatMap(booklet => booklet.faces.map(face => face.id))
  const from = face_id ? order.indexOf(face_id) : -1
  if (from < 0) return order[0]
  return order[Math.max(0, Math.min(order.length - 1, from + by))]
}
