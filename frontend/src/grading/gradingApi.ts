import { body, DELETE, GET, POST, type Page, type Schemas } from '@/api/http'

export type Bareme = Schemas['Bareme']
export type Question = Schemas['Question']
export type Annotation = Schemas['Annotation']
export type AnnotationType = Schemas['AnnotationType']
export type Lock = Schemas['Lock']
export type LockTaken = Schemas['LockTaken']
export type LoggedOperation = Schemas['LoggedOperation']
export type QuestionOnCopy = Schemas['QuestionOnCopy']
export type Suggestions = Schemas['Suggestions']
export type Finalised = Schemas['Finalised']
export type HistoryEntry = Schemas['HistoryEntry']

const of = (copy_id: string) => ({ path: { copy_id } })
const key = (token: string | undefined) => (token ? { 'X-Lock-Token': token } : {})
/** As many rows as one answer holds. */
const most = 200

/** All rows of a list, page after page. */
export async function allOf<T>(load: (query: { page: number; page_size: number }) => Promise<Page<T>>): Promise<T[]> {
  const rows: T[] = []
  for (let page = 1; ; page += 1) {
    const answer = await load({ page, page_size: most })
    rows.push(...answer.results)
    if (!answer.next) return rows
  }
}

export const getBareme = (exam_id: string): Promise<Bareme> =>
  body(GET('/api/grading/exams/{exam_id}/grading-structure/', { params: { path: { exam_id } } }))

export const listAnnotations = (copy_id: string): Promise<Annotation[]> =>
  allOf(query => body(GET('/api/grading/copies/{copy_id}/annotations/', { params: { ...of(copy_id), query } })))

export const getScores = (copy_id: string): Promise<Schemas['Scores']> =>
  body(GET('/api/grading/copies/{copy_id}/scores/', { params: of(copy_id) }))

export const listRemarks = (copy_id: string): Promise<Schemas['Remark'][]> =>
  allOf(query => body(GET('/api/grading/copies/{copy_id}/remarks/', { params: { ...of(copy_id), query } })))

export const getAppreciation = (copy_id: string): Promise<Schemas['Appreciation']> =>
  body(GET('/api/grading/copies/{copy_id}/global-appreciation/', { params: of(copy_id) }))

export const listConflicts = (copy_id: string): Promise<LoggedOperation[]> =>
  allOf(query =>
    body(
      GET('/api/grading/copies/{copy_id}/operations/', {
        params: { ...of(copy_id), query: { ...query, outcome: 'CONFLICT' } },
      }),
    ),
  )

export const sendOperations = (
  copy_id: string,
  operations: Schemas['Operation'][],
  token: string | undefined,
): Promise<Schemas['OperationsTaken']> =>
  body(
    POST('/api/grading/copies/{copy_id}/operations/', {
      params: { ...of(copy_id), header: key(token) },
      body: { operations },
    }),
  )

export const settleConflict = (copy_id: string, operation_id: string, apply: boolean, token: string | undefined) =>
  body(
    POST('/api/grading/copies/{copy_id}/operations/{operation_id}/settle/', {
      params: { path: { copy_id, operation_id }, header: key(token) },
      body: { apply },
    }),
  )

export const getLocks = (copy_id: string): Promise<Schemas['LockList']> =>
  body(GET('/api/grading/copies/{copy_id}/lock/', { params: of(copy_id) }))

export const takeLock = (copy_id: string, wish: Schemas['LockWish']): Promise<LockTaken> =>
  body(POST('/api/grading/copies/{copy_id}/lock/', { params: of(copy_id), body: wish }))

export const keepLock = (copy_id: string, token: string, wish: Schemas['LockWish']): Promise<Schemas['LockKept']> =>
  body(
    POST('/api/grading/copies/{copy_id}/lock/heartbeat/', {
      params: { ...of(copy_id), header: key(token) },
      body: wish,
    }),
  )

/** Sent also while the page is being closed, as far as the browser still does. */
export const releaseLock = (copy_id: string, token: string) =>
  DELETE('/api/grading/copies/{copy_id}/lock/', { params: { ...of(copy_id), header: key(token) }, keepalive: true })

export const finaliseCopy = (copy_id: string, token: string | undefined): Promise<Finalised> =>
  body(POST('/api/grading/copies/{copy_id}/finalize/', { params: { ...of(copy_id), header: key(token) } }))

export const listHistory = (copy_id: string, query: { page?: number }): Promise<Page<HistoryEntry>> =>
  body(GET('/api/grading/copies/{copy_id}/audit/', { params: { ...of(copy_id), query } }))

export const listCopiesByQuestion = (exam_id: string, question_id: string): Promise<QuestionOnCopy[]> =>
  allOf(query =>
    body(
      GET('/api/grading/exams/{exam_id}/questions/{question_id}/copies/', {
        params: { path: { exam_id, question_id }, query },
      }),
    ),
  )

export const suggestRemarks = (exam_id: string, question: string | undefined, q: string): Promise<Suggestions> =>
  body(
    GET('/api/grading/exams/{exam_id}/suggestions/', {
      params: { path: { exam_id }, query: { question, q: q || undefined } },
    }),
  )

export const addTemplate = (exam_id: string, template: Schemas['TemplateCreate']): Promise<Schemas['Template']> =>
  body(POST('/api/grading/exams/{exam_id}/templates/', { params: { path: { exam_id } }, body: template }))

export const keepOwnRemark = (remark: Schemas['OwnRemarkCreate']): Promise<Schemas['OwnRemark']> =>
  body(POST('/api/grading/my-annotations/', { body: remark }))

export const useOwnRemark = (own_remark_id: string): Promise<Schemas['OwnRemark']> =>
  body(POST('/api/grading/my-annotations/{own_remark_id}/use/', { params: { path: { own_remark_id } } }))
