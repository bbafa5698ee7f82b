import { body, DELETE, GET, PATCH, POST, type Schemas } from '@/api/http'

export type IntakeReport = Schemas['IntakeReport']
export type ReportCopy = Schemas['ReportCopy']
export type UnplacedFace = Schemas['UnplacedFace']
export type Face = Schemas['Face']
export type Booklet = Schemas['Booklet']
export type Rotation = Schemas['Rotation']
export type ProcessingMessage = Schemas['ProcessingMessage']
export type ProcessingStage = Schemas['ProcessingProgress']['stage']

/** As the server sends several pages of booklets, so that one screen asks few times. */
const pageSize = 200

export const getIntakeReport = (exam_id: string): Promise<IntakeReport> =>
  body(GET('/api/exams/{exam_id}/intake-report/', { params: { path: { exam_id } } }))

/** Every booklet of the exam, in the order of the scan. */
export async function listBooklets(exam_id: string): Promise<Booklet[]> {
  const booklets: Booklet[] = []
  for (let page = 1; ; page += 1) {
    const answer = await body(
      GET('/api/exams/{exam_id}/booklets/', { params: { path: { exam_id }, query: { page, page_size: pageSize } } }),
    )
    booklets.push(...answer.results)
    if (!answer.next) return booklets
  }
}

export const splitBooklet = (booklet_id: string, at: number): Promise<Schemas['BookletSplitAnswer']> =>
  body(POST('/api/exams/booklets/{booklet_id}/split/', { params: { path: { booklet_id } }, body: { at } }))

export const arrangeFaces = (booklet_id: string, faces: Schemas['FacesArrange']['faces']): Promise<Booklet> =>
  body(PATCH('/api/exams/booklets/{booklet_id}/faces/', { params: { path: { booklet_id } }, body: { faces } }))

export const mergeBooklets = (exam_id: string, booklet_ids: string[]): Promise<Schemas['CopyAdmin']> =>
  body(POST('/api/exams/{exam_id}/merge-booklets/', { params: { path: { exam_id } }, body: { booklet_ids } }))

export const deleteBooklet = (booklet_id: string) =>
  DELETE('/api/exams/booklets/{booklet_id}/', { params: { path: { booklet_id } } })

export const undo = (exam_id: string): Promise<Schemas['UndoAnswer']> =>
  body(POST('/api/exams/{exam_id}/undo/', { params: { path: { exam_id } } }))
