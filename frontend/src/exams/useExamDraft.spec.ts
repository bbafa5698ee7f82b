import { describe, expect, it, vi } from 'vitest'
import { computed, ref, shallowRef } from 'vue'
import { refusal, serve } from '@/testing/fakeServer'
import { inScope } from '@/testing/harness'
import type { ResumableUpload, UploadState } from '@/uploads/resumableUpload'
import { maxPdfBytes, useExamDraft } from './useExamDraft'

function fileOf(name: string, size = 10): File {
  const file = new File(['x'], name)
  Object.defineProperty(file, 'size', { value: size })
  return file
}

function start() {
  const uploads: ResumableUpload[] = []
  const make = (file: File): ResumableUpload => {
    const state = ref<UploadState>('idle')
    const id = computed(() => (state.value === 'done' ? `id-of-${file.name}` : ''))
    const upload = {
      ...{ file, state, id, sent: ref(0), percent: computed(() => 0), error: shallowRef() },
      start: vi.fn(() => Promise.resolve()),
      pause: vi.fn(),
      discard: vi.fn(),
    }
    uploads.push(upload)
    return upload
  }
  return { uploads, draft: inScope(() => useExamDraft(make)).value }
}

describe('an exam in the making', () => {
  it('tells scans and roster apart, begins to send and suggests a title', () => {
    const { draft, uploads } = start()
    draft.add([fileOf('bac_blanc_TG2.pdf'), fileOf('eleves.csv')])
    expect(uploads[0]!.start).toHaveBeenCalledOnce()
    expect(draft.roster.value?.name).toBe('eleves.csv')
    expect(draft.fields.title).toBe('Bac blanc TG2')
    expect(draft.ready.value).toBe(true)
  })

  it('keeps a title that was typed', () => {
    const { draft } = start()
    draft.fields.title = 'Épreuve commune'
    draft.add([fileOf('scan.pdf')])
    expect(draft.fields.title).toBe('Épreuve commune')
  })

  it('refuses before sending what is too large, empty, of another kind or there already', () => {
    const { draft, uploads } = start()
    const files = [fileOf('big.pdf', maxPdfBytes + 1), fileOf('none.pdf', 0), fileOf('photo.png'), fileOf('scan.pdf')]
    draft.add([...files, fileOf('scan.pdf')])
    expect(draft.refusals.value).toEqual([
      { name: 'big.pdf', reason: 'too_large' },
      { name: 'none.pdf', reason: 'empty' },
      { name: 'photo.png', reason: 'unknown_kind' },
      { name: 'scan.pdf', reason: 'twice' },
    ])
    expect(uploads).toHaveLength(1)
  })

  it('accepts a PDF of exactly the limit', () => {
    const { draft } = start()
    draft.add([fileOf('limit.pdf', maxPdfBytes)])
    expect(draft.refusals.value).toEqual([])
  })

  it('removes what was sent of a PDF that is taken away', () => {
    const { draft, uploads } = start()
    draft.add([fileOf('scan.pdf')])
    draft.removePdf(uploads[0]!)
    expect(uploads[0]!.discard).toHaveBeenCalledOnce()
    expect(draft.pdfs).toHaveLength(0)
  })

  it('makes the exam of uploads in the order in which they were added', async () => {
    const { draft, uploads } = start()
    draft.add([fileOf('b.pdf'), fileOf('a.pdf'), fileOf('eleves.csv')])
    expect(draft.uploaded.value).toBe(false)
    for (const upload of uploads) upload.state.value = 'done'
    expect(draft.uploaded.value).toBe(true)
    const asked = serve({ 'POST /api/exams/upload/': { status: 201, body: { exam_id: 'e', task_id: 't' } } })
    expect(await draft.submit()).toEqual({ exam_id: 'e', task_id: 't' })
    const form = asked.at(-1)!.body as FormData
    expect(form.getAll('pdf_file')).toEqual(['id-of-b.pdf', 'id-of-a.pdf'])
    expect(form.get('batch_mode')).toBe('A3')
    expect(form.get('students_csv')).toBeInstanceOf(File)
  })

  it('shows faults of the roster and asks for another one, keeping the PDF', async () => {
    const { draft, uploads } = start()
    draft.add([fileOf('scan.pdf'), fileOf('eleves.csv')])
    uploads[0]!.state.value = 'done'
    const details = [{ line: 2, column: 'date_naissance', message: '« 31/02/2008 » n’est pas une date.' }]
    serve({ 'POST /api/exams/upload/': refusal(422, 'roster.invalid', 'CSV validation failed', { details }) })
    expect(await draft.submit()).toBeUndefined()
    expect(draft.rosterFaults.value).toEqual(details)
    expect(draft.ready.value).toBe(false)
    draft.add([fileOf('eleves-2.csv')])
    expect(draft.ready.value).toBe(true)
    expect(draft.pdfs[0]).toBe(uploads[0])
  })
})
