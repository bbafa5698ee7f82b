import { body, DELETE, GET, multipart, PATCH, POST, type Page, type Schemas } from '@/api/http'

export type Student = Schemas['Student']
export type StudentBrief = Schemas['StudentBrief']
export type StudentCreate = Schemas['StudentCreate']
export type StudentImportResult = Schemas['StudentImportResult']

export interface StudentQuery {
  page?: number
  page_size?: number
  search?: string
  class_name?: string
  ordering?: string
}

export const listStudents = (query: StudentQuery): Promise<Page<Student>> =>
  body(GET('/api/students/', { params: { query } }))

export const createStudent = (student: StudentCreate): Promise<Student> =>
  body(POST('/api/students/', { body: student }))

export const changeStudent = (student_id: Student['id'], change: Schemas['StudentChange']): Promise<Student> =>
  body(PATCH('/api/students/{student_id}/', { params: { path: { student_id } }, body: change }))

export const deleteStudent = (student_id: Student['id']) =>
  DELETE('/api/students/{student_id}/', { params: { path: { student_id } } })

export const importStudents = (file: File): Promise<Schemas['TaskAcceptedFile']> => {
  const form = multipart({ file })
  return body(POST('/api/students/import/', { body: form as never, bodySerializer: () => form }))
}
