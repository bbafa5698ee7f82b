import type { Me } from '@/accounts/accountsApi'
import type { ExamSummary } from '@/exams/examsApi'
import type { Booklet, Face, IntakeReport, ReportCopy } from '@/scans/scansApi'
import type { Task } from '@/tasks/tasksApi'

let count = 0
const next = () => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`

export const makeMe = (with_: Partial<Me> = {}): Me => ({
  id: 1,
  username: 'admin',
  first_name: '',
  last_name: '',
  email: 'admin@lycee.example.org',
  role: 'ADMIN',
  must_change_password: false,
  mail_notifications: true,
  student: null,
  ...with_,
})

export const makeExam = (with_: Partial<ExamSummary> = {}): ExamSummary => ({
  id: next(),
  name: 'Bac blanc',
  subject: 'Mathématiques',
  date: '2026-02-03',
  upload_mode: 'BATCH_A3',
  status: 'READY',
  error_message: null,
  results_released_at: null,
  created_at: '2026-02-03T10:00:00.000Z',
  copies_count: 40,
  identified_count: 38,
  student_count: 40,
  copies_by_status: { STAGING: 2, READY: 38, LOCKED: 0, GRADED: 0, QUARANTINE: 0, GRADING_FAILED: 0 },
  task_id: null,
  ...with_,
})

export const makeFace = (with_: Partial<Face> = {}): Face => ({
  id: next(),
  position: 0,
  source_id: next(),
  side: 1,
  half: 'left',
  rotation: 0,
  skew_degrees: 0,
  is_blank: false,
  has_header: false,
  flags: [],
  header_box: null,
  image_url: null,
  ...with_,
})

export const makeBooklet = (faces: Face[]): Booklet => ({
  id: next(),
  exam_id: next(),
  start_page: 1,
  end_page: faces.length,
  page_count: faces.length,
  student_name_guess: null,
  header_url: null,
  copy_id: next(),
  copy_status: 'STAGING',
  faces,
})

export const makeReportCopy = (with_: Partial<ReportCopy> = {}): ReportCopy => ({
  id: next(),
  anonymous_id: `A${String(++count).padStart(3, '0')}`,
  status: 'READY',
  mode: 'AUTO',
  confidence: 0.99,
  student: null,
  candidates: [],
  readings: {},
  header_url: null,
  faces: [makeFace()],
  warnings: [],
  ...with_,
})

export const makeReport = (copies: ReportCopy[]): IntakeReport => ({
  version: 1,
  exam_id: next(),
  status: 'READY',
  sources: [],
  batch: { imposition: 'booklet', verso_rotation: 180, pages_per_booklet: 4, header_form: 'learned', warnings: [] },
  counts: {
    ...{ sides: 0, faces: 0, blank: 0, unplaced: 0, copies: copies.length },
    ...{ auto: 0, semi_auto: 0, manual: 0, absent: 0, warnings: 0 },
  },
  copies,
  unplaced: [],
  absent: [],
  timings_s: {},
})

export const makeTask = (with_: Partial<Task> = {}): Task => ({
  id: next(),
  kind: 'process_pdf_batch',
  status: 'PROGRESS',
  priority: 'HIGH',
  exam_id: null,
  created_by: 1,
  parent_id: null,
  children_count: 0,
  progress: null,
  attempt: 1,
  max_attempts: 3,
  error_message: null,
  error_code: null,
  created_at: '2026-02-03T10:00:00.000Z',
  started_at: null,
  finished_at: null,
  permissions: { cancel: true, pause: true, resume: false, retry: false, reprioritise: false },
  ...with_,
})
