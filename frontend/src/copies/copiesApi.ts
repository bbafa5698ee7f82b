import { body, GET, POST, type Page, type Schemas } from '@/api/http'

export type CopyAdmin = Schemas['CopyAdmin']
export type CopyTeacher = Schemas['CopyTeacher']
export type CopyDetail = Schemas['CopyDetail']
export type CopyDetailAdmin = Schemas['CopyDetailAdmin']
export type CopyStatus = Schemas['CopyStatus']
export type CopyPage = Schemas['CopyPage']
export type OcrMode = Schemas['OcrMode']
export type Candidate = Schemas['Candidate']
export type UnidentifiedCopy = Schemas['UnidentifiedCopy']

export const getCopy = (copy_id: string): Promise<CopyDetail> =>
  body(GET('/api/copies/{copy_id}/', { params: { path: { copy_id } } }))

/** The copies assigned to the teacher who asks. */
export const listOwnCopies = (query: { page?: number; page_size?: number }): Promise<Page<CopyTeacher>> =>
  body(GET('/api/copies/', { params: { query } })) as Promise<Page<CopyTeacher>>

export const validateCopy = (copy_id: string): Promise<CopyAdmin> =>
  body(POST('/api/exams/copies/{copy_id}/validate/', { params: { path: { copy_id } } }))

export const validateAll = (exam_id: string): Promise<Schemas['ValidateAllAnswer']> =>
  body(POST('/api/exams/{exam_id}/validate-all/', { params: { path: { exam_id } } }))

/** Whom the page showed at that rank. */
export const selectCandidate = (copy_id: string, rank: number, student_id: number): Promise<CopyAdmin> =>
  body(
    POST('/api/identification/copies/{copy_id}/select-candidate/', {
      params: { path: { copy_id } },
      body: { rank, student_id },
    }),
  )

export const assignManually = (copy_id: string, student_id: number): Promise<CopyAdmin> =>
  body(
    POST('/api/identification/copies/{copy_id}/manual-assign/', {
      params: { path: { copy_id } },
      body: { student_id },
    }),
  )

export const unidentify = (copy_id: string): Promise<CopyAdmin> =>
  body(POST('/api/identification/copies/{copy_id}/unidentify/', { params: { path: { copy_id } } }))
