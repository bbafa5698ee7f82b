import { describe, expect, it } from 'vitest'
import { documentsInForce, type DocumentSet, type DocumentType } from './documentsApi'

const documentOf = (doc_type: DocumentType) => ({
  ...{ id: doc_type, doc_type, original_name: 'a.pdf', sha256: '', size: 1, page_count: 1, file_url: '' },
})
const set = (version: number, is_active: boolean, types: DocumentType[]): DocumentSet => ({
  ...{ id: String(version), version, is_active, created_by: 1, created_at: '2026-02-03T10:00:00.000Z' },
  documents: types.map(documentOf),
})

describe('the documents of an exam', () => {
  it('are those of the version in force, the subject first', () => {
    const sets = [set(3, false, ['SUJET']), set(2, true, ['BAREME', 'SUJET', 'CORRIGE']), set(1, false, [])]
    expect(documentsInForce(sets).map(one => one.doc_type)).toEqual(['SUJET', 'CORRIGE', 'BAREME'])
  })

  it('are none before the first one was sent', () => {
    expect(documentsInForce([])).toEqual([])
  })
})
