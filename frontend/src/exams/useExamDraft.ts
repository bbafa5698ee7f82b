import { computed, effectScope, onScopeDispose, reactive, ref, shallowReactive, shallowRef, watch } from 'vue'
import { ApiError, type Fault } from '@/api/errors'
import { dropDraft, findDraft, keepDraft } from '@/uploads/keptDraft'
import { createUpload, type ResumableUpload } from '@/uploads/resumableUpload'
import { uploadExam, type BatchMode } from './examsApi'

/** The server's limits, told before a byte is sent. It has the last word. */
export const maxPdfBytes = 100 * 1024 * 1024
export const maxCsvBytes = 10 * 1024 * 1024

export type FileRefusal = { name: string; reason: 'too_large' | 'empty' | 'unknown_kind' | 'twice' }

const draftName = 'new_exam'

/** An exam in the making. PDFs are on their way as soon as they are dropped, while the rest of the form is filled in. */
export function useExamDraft(make: (file: File) => ResumableUpload = createUpload) {
  const scope = effectScope()
  const fields = reactive({ title: '', subject: '', date: today(), batch_mode: 'A3' as BatchMode })
  const pdfs = shallowReactive<ResumableUpload[]>([])
  const roster = shallowRef<File>()
  const rosterFaults = shallowRef<Fault[]>([])
  const refusals = ref<FileRefusal[]>([])
  const found = ref(false)
  const ready = computed(() => pdfs.length > 0 && roster.value !== undefined && rosterFaults.value.length === 0)
  const uploaded = computed(() => pdfs.length > 0 && pdfs.every(pdf => pdf.state.value === 'done'))

  function add(files: File[]) {
    refusals.value = []
    for (const file of files) {
      const reason = refuse(file)
      if (reason) refusals.value.push({ name: file.name, reason })
      else if (isPdf(file)) addPdf(file)
      else setRoster(file)
    }
    keep()
  }

  function refuse(file: File): FileRefusal['reason'] | undefined {
    if (!isPdf(file) && !/\.(csv|txt|tsv)$/i.test(file.name)) return 'unknown_kind'
    if (file.size === 0) return 'empty'
    if (file.size > (isPdf(file) ? maxPdfBytes : maxCsvBytes)) return 'too_large'
    return pdfs.some(pdf => pdf.file.name === file.name && pdf.file.size === file.size) ? 'twice' : undefined
  }

  function addPdf(file: File) {
    const upload = scope.run(() => make(file))!
    pdfs.push(upload)
    fields.title ||= titleOf(file.name)
    void upload.start()
  }

  function setRoster(file: File | undefined) {
    roster.value = file
    rosterFaults.value = []
  }

  function removePdf(upload: ResumableUpload) {
    upload.discard()
    pdfs.splice(pdfs.indexOf(upload), 1)
    keep()
  }

  function removeRoster() {
    setRoster(undefined)
    keep()
  }

  /** Makes the exam. To be called once `uploaded`; throws what the server refuses, except roster faults, which are shown. */
  async function submit() {
    try {
      const pdf_file = pdfs.map(pdf => pdf.id.value)
      const answer = await uploadExam({ ...fields, pdf_file, students_csv: roster.value! })
      await dropDraft(draftName)
      return answer
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'roster.invalid') throw error
      rosterFaults.value = error.details.length ? error.details : [{ message: error.message }]
      return undefined
    }
  }

  function keep() {
    const files = { pdfs: pdfs.map(pdf => pdf.file), roster: roster.value ? [roster.value] : [] }
    if (files.pdfs.length + files.roster.length === 0) void dropDraft(draftName)
    else void keepDraft(draftName, { fields: { ...fields }, files })
  }

  /** Takes up what a reload interrupted. */
  async function restore() {
    const draft = await findDraft(draftName)
    if (!draft || pdfs.length > 0 || roster.value) return
    Object.assign(fields, draft.fields)
    add([...(draft.files.pdfs ?? []), ...(draft.files.roster ?? [])])
    found.value = true
  }

  watch(fields, keep)
  onScopeDispose(() => scope.stop())
  return {
    ...{ fields, pdfs, roster, rosterFaults, refusals, found, ready, uploaded },
    ...{ add, removePdf, removeRoster, submit, restore },
  }
}

const isPdf = (file: File) => /\.pdf$/i.test(file.name)

function titleOf(fileName: string): string {
  const words = fileName
    .replace(/\.pdf$/i, '')
    .replace(/[_\s]+/g, ' ')
    .trim()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function today(): string {
  const now = new Date()
  return new Date(now.getTime() - now.getTimezoneOffset() * 60_000).toISOString().slice(0, 10)
}
