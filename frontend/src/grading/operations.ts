import type { Mark, Marks } from './marks'

/** What is written of an annotation. */
type Fields = Omit<Mark, 'id' | 'version' | 'created_by'>

/** What a corrector does, before it has an id and knows what it changes. */
export type Intent =
  | { kind: 'score'; question_id: string; points: number | null }
  | { kind: 'remark'; question_id: string; remark: string }
  | { kind: 'appreciation'; global_appreciation: string }
  | ({ kind: 'create_annotation'; annotation_id: string } & Fields)
  | ({ kind: 'change_annotation'; annotation_id: string } & Partial<Omit<Fields, 'page_index'>>)
  | { kind: 'delete_annotation'; annotation_id: string }

/** An intent as the server takes it: its own id, and what stood there when it was done. */
export type Operation = Intent & {
  id: string
  base?: number | string | null
  base_version?: number | null
}

/** A UUID of version 4, also where the page did not come over HTTPS. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = (bytes[6]! & 0x0f) | 0x40
  bytes[8] = (bytes[8]! & 0x3f) | 0x80
  const hex = Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}

/** What an operation changes; two with one target come one after the other. */
export function targetOf(intent: Intent): string {
  if (intent.kind === 'score' || intent.kind === 'remark') return `${intent.kind} ${intent.question_id}`
  return intent.kind === 'appreciation' ? 'appreciation' : `annotation ${intent.annotation_id}`
}

/** The intent made now, on these marks. */
export function operationOf(intent: Intent, marks: Marks): Operation {
  const id = newId()
  switch (intent.kind) {
    case 'score':
      return { ...intent, id, base: marks.scores[intent.question_id] ?? null }
    case 'remark':
      return { ...intent, id, base: marks.remarks[intent.question_id] ?? null }
    case 'appreciation':
      return { ...intent, id, base: marks.appreciation }
    case 'create_annotation':
      return { ...intent, id }
    default:
      return { ...intent, id, base_version: marks.annotations[intent.annotation_id]?.version ?? null }
  }
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  const { [key]: _, ...rest } = record
  return rest
}

/** The marks after an intent. */
export function applied(marks: Marks, intent: Intent): Marks {
  switch (intent.kind) {
    case 'score': {
      const { question_id, points } = intent
      const scores = points === null ? without(marks.scores, question_id) : { ...marks.scores, [question_id]: points }
      return { ...marks, scores }
    }
    case 'remark':
      return { ...marks, remarks: { ...marks.remarks, [intent.question_id]: intent.remark } }
    case 'appreciation':
      return { ...marks, appreciation: intent.global_appreciation }
    case 'delete_annotation':
      return { ...marks, annotations: without(marks.annotations, intent.annotation_id) }
    case 'create_annotation': {
      const mark: Mark = { ...fieldsOf(intent), id: intent.annotation_id, version: 1 }
      return { ...marks, annotations: { ...marks.annotations, [mark.id]: mark } }
    }
    case 'change_annotation': {
      const before = marks.annotations[intent.annotation_id]
      if (!before) return marks
      const mark = { ...before, ...changeOf(intent), version: before.version + 1 }
      return { ...marks, annotations: { ...marks.annotations, [mark.id]: mark } }
    }
  }
}

/** What takes an intent back, on the marks before it; nothing when it does nothing. */
export function inverseOf(intent: Intent, marks: Marks): Intent | undefined {
  switch (intent.kind) {
    case 'score':
      return { ...intent, points: marks.scores[intent.question_id] ?? null }
    case 'remark':
      return { ...intent, remark: marks.remarks[intent.question_id] ?? '' }
    case 'appreciation':
      return { ...intent, global_appreciation: marks.appreciation }
    case 'create_annotation':
      return { kind: 'delete_annotation', annotation_id: intent.annotation_id }
    default: {
      const before = marks.annotations[intent.annotation_id]
      if (!before) return undefined
      const { id: annotation_id, version: _, created_by: _by, ...fields } = before
      if (intent.kind === 'delete_annotation') return { kind: 'create_annotation', annotation_id, ...fields }
      const { page_index: _page, ...changeable } = fields
      return { kind: 'change_annotation', annotation_id, ...changeable }
    }
  }
}

function fieldsOf({ page_index, x, y, w, h, type, content, score_delta, question_id }: Fields): Fields {
  return { page_index, x, y, w, h, type, content, score_delta, question_id }
}

const changeable = ['x', 'y', 'w', 'h', 'type', 'content', 'score_delta', 'question_id'] as const

function changeOf(intent: Partial<Mark>): Partial<Mark> {
  return Object.fromEntries(changeable.filter(name => name in intent).map(name => [name, intent[name]]))
}
