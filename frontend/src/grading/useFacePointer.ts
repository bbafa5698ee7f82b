import { ref, shallowRef, type Ref } from 'vue'
import type { DeskView } from './deskView'
import {
  boxAt,
  boxBetween,
  inkOf,
  moved,
  resized,
  strokesOf,
  thinned,
  touches,
  type Box,
  type Point,
  type Stroke,
} from './geometry'
import { newId } from './operations'
import type { Mark } from './marks'
import { isWritten, typeOf, type Tool } from './tools'

/** Sizes of what one click puts down, in fractions of a face. */
const clicked = { w: 0.34, h: 0.03 }
const stamp = { w: 0.045, h: 0.032 }
/** Below this a drag was a click. */
const still = 0.008
/** Strokes that follow one another as fast belong to one drawing. */
const sameDrawing = 1200

const eraserButton = 32

export interface InkLayer {
  start: (point: Point) => void
  draw: (points: Point[]) => void
  clear: () => void
}

type Gesture =
  | { kind: 'box'; from: Point; tool: Tool }
  | { kind: 'ink'; stroke: Stroke }
  | { kind: 'erase' }
  | { kind: 'move' | 'resize'; from: Point; mark: Mark }

/** Pointers on one face: pen, mouse and finger, each doing what the tool in hand does. */
export function useFacePointer(
  view: DeskView,
  page_index: number,
  sheet: Readonly<Ref<HTMLElement | null>>,
  ink: () => InkLayer | undefined,
) {
  /** The box that is being drawn. */
  const draft = shallowRef<Box>()
  /** The mark that is being moved or resized, as it would stand. */
  const held = shallowRef<Mark>()
  const drawing = ref(false)
  let gesture: Gesture | undefined
  let frame: DOMRect
  let lastInk: { id: string; at: number } | undefined

  const at = (event: PointerEvent): Point => ({
    x: (event.clientX - frame.left) / frame.width,
    y: (event.clientY - frame.top) / frame.height,
  })
  const marksHere = () =>
    Object.values(view.open.marks.value.annotations).filter(mark => mark.page_index === page_index)

  function begin(event: PointerEvent): Gesture | undefined {
    const point = at(event)
    const tool = view.tool.value
    if (tool === 'eraser' || event.buttons & eraserButton) return { kind: 'erase' }
    const target = event.target as HTMLElement
    const id = target.closest<HTMLElement>('[data-mark]')?.dataset.mark
    if (tool === 'select' && id) {
      view.selected.value = id
      const mark = view.open.marks.value.annotations[id]!
      if (!view.open.mayChange(id)) return undefined
      return { kind: target.closest('[data-resize]') ? 'resize' : 'move', from: point, mark }
    }
    if (tool === 'ink' || (tool === 'select' && event.pointerType === 'pen'))
      return { kind: 'ink', stroke: [[point.x, point.y]] }
    if (tool === 'tick' || tool === 'cross') {
      put({
        ...boxAt({ x: point.x - stamp.w / 2, y: point.y }, stamp.w, stamp.h),
        type: 'STAMP',
        content: tool.toUpperCase(),
      })
      return undefined
    }
    if (tool !== 'select') return { kind: 'box', from: point, tool }
    view.selected.value = undefined
    return undefined
  }

  function down(event: PointerEvent) {
    if (event.button > 0 && event.button !== 5) return
    if (event.pointerType === 'pen') view.penSeen.value = true
    const scrolls = event.pointerType === 'touch' && (view.penSeen.value || view.tool.value === 'select')
    if (view.open.readonly.value || !sheet.value || (scrolls && !(event.target as HTMLElement).closest('[data-mark]')))
      return
    frame = sheet.value.getBoundingClientRect()
    gesture = begin(event)
    if (!gesture) return
    sheet.value.setPointerCapture(event.pointerId)
    if (gesture.kind === 'ink') {
      drawing.value = true
      ink()?.start(at(event))
    }
    if (gesture.kind === 'erase') erase(at(event))
    if (gesture.kind !== 'move') event.preventDefault()
  }

  function move(event: PointerEvent) {
    if (!gesture) return
    const point = at(event)
    if (gesture.kind === 'ink') {
      const events = event.getCoalescedEvents?.() ?? []
      const points = (events.length ? events : [event]).map(at)
      for (const { x, y } of points) gesture.stroke.push([x, y])
      ink()?.draw(points)
    } else if (gesture.kind === 'erase') {
      erase(point)
    } else if (gesture.kind === 'box') {
      draft.value = boxBetween(gesture.from, point)
    } else {
      const by = { x: point.x - gesture.from.x, y: point.y - gesture.from.y }
      if (Math.hypot(by.x, by.y) < still / 2 && !held.value) return
      const place = gesture.kind === 'move' ? moved : resized
      held.value = { ...gesture.mark, ...place(gesture.mark, by) }
    }
  }

  function up() {
    const done = gesture
    gesture = undefined
    if (done?.kind === 'ink') endInk(done.stroke)
    if (done?.kind === 'box') endBox(done)
    if (held.value && (done?.kind === 'move' || done?.kind === 'resize')) change(held.value, done.mark)
    held.value = draft.value = undefined
  }

  function cancel() {
    gesture = undefined
    drawing.value = false
    ink()?.clear()
    held.value = draft.value = undefined
  }

  function endInk(stroke: Stroke) {
    drawing.value = false
    const now = performance.now()
    const line = thinned(stroke)
    const before = lastInk && view.open.marks.value.annotations[lastInk.id]
    if (before && now - lastInk!.at < sameDrawing) {
      const { x, y, w, h, content } = inkOf([...strokesOf(before.content), line])
      view.open.act({ kind: 'change_annotation', annotation_id: before.id, x, y, w, h, content })
      lastInk = { id: before.id, at: now }
    } else {
      lastInk = { id: put({ ...inkOf([line]), type: 'INK' }).id, at: now }
    }
    ink()?.clear()
  }

  function endBox({ from, tool }: { from: Point; tool: Tool }) {
    const drawn = draft.value
    const isClick = !drawn || (drawn.w < still * 2 && drawn.h < still * 2)
    const type = typeOf[tool]!
    if (isClick && type === 'HIGHLIGHT') return
    place({ ...(isClick ? boxAt(from, clicked.w, clicked.h) : drawn), type })
  }

  /** A new annotation: one that is read is written first, and is there with its first letter. */
  function place(fields: Box & Pick<Mark, 'type'>) {
    const asked = view.question.value ?? null
    const question_id = view.open.covers(asked) ? asked : null
    if (!isWritten(fields.type)) return put({ ...fields, content: '' })
    view.edited.value = { id: newId(), page_index, content: '', score_delta: null, version: 0, ...fields, question_id }
    return undefined
  }

  function put(fields: Box & Pick<Mark, 'type' | 'content'>) {
    const { x, y, w, h, type, content } = fields
    const id = newId()
    const rest = { page_index, score_delta: null, question_id: null }
    view.open.act({ kind: 'create_annotation', annotation_id: id, x, y, w, h, type, content, ...rest })
    return { id }
  }

  function change(to: Mark, from: Mark) {
    const { x, y, w, h, content } = to
    const text = content === from.content ? {} : { content }
    view.open.act({ kind: 'change_annotation', annotation_id: from.id, x, y, w, h, ...text })
  }

  function erase(point: Point) {
    for (const mark of marksHere()) {
      if (touches(mark, point)) view.open.act({ kind: 'delete_annotation', annotation_id: mark.id })
    }
  }

  /** For who has no pointer: the tool's mark in the middle of what is seen. */
  function placeAt(point: Point) {
    const tool = view.tool.value
    if (tool === 'tick' || tool === 'cross')
      put({ ...boxAt(point, stamp.w, stamp.h), type: 'STAMP', content: tool.toUpperCase() })
    else if (typeOf[tool]) place({ ...boxAt(point, clicked.w, clicked.h), type: typeOf[tool] })
  }

  return { draft, held, drawing, down, move, up, cancel, placeAt }
}
