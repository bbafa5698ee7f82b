import { body, GET, multipart, POST, type Schemas } from '@/api/http'

export type DocumentSet = Schemas['DocumentSet']
export type ExamDocument = DocumentSet['documents'][number]
export type DocumentType = ExamDocument['doc_type']

/** In the order in which they are shown, with the fields they are sent as. */
export const documentFields = { SUJET: 'sujet', CORRIGE: 'corrige', BAREME: 'bareme' } as const
export const documentTypes = Object.keys(documentFields) as DocumentType[]

/** For who marks the exam, the active version only. */
export const listDocumentSets = (exam_id: string): Promise<Schemas['DocumentSets']> =>
  body(GET('/api/exams/{exam_id}/document-sets/', { params: { path: { exam_id } } }))

/** The next version: this document is new, the others stay as they are. */
export const addDocument = (exam_id: string, type: DocumentType, file: File): Promise<DocumentSet> => {
  const form = multipart({ [documentFields[type]]: file })
  return body(
    POST('/api/exams/{exam_id}/document-sets/', {
      params: { path: { exam_id } },
      body: form as never,
      bodySerializer: () => form,
    }),
  )
}

export const activateDocumentSet = (exam_id: string, set_id: string): Promise<DocumentSet> =>
  body(POST('/api/exams/{exam_id}/document-sets/{set_id}/activate/', { params: { path: { exam_id, set_id } } }))

/** The documents of the version in force, in the order in which they are shown. */
export function documentsInForce(sets: readonly DocumentSet[]): ExamDocument[] {
  const documents = sets.find(set => set.is_active)?.documents ?? []
  return documentTypes.flatMap(type => documents.filter(one => one.doc_type === type))
}
