import type { OcrMode } from '@/copies/copiesApi'
import type { IntakeReport, ReportCopy } from './scansApi'

export type ReportView = 'all' | OcrMode | 'unidentified' | 'warnings'

export const views: readonly ReportView[] = ['all', 'AUTO', 'SEMI_AUTO', 'MANUAL', 'unidentified', 'warnings']

/** Whether a copy belongs to a view. The decision counts as it was made, whoever has identified the copy since. */
export function belongs(copy: ReportCopy, view: ReportView): boolean {
  switch (view) {
    case 'all':
      return true
    case 'unidentified':
      return copy.student === null
    case 'warnings':
      return copy.warnings.length > 0 || copy.faces.some(face => face.flags.length > 0)
    default:
      return copy.mode === view
  }
}

/** Copies of a view whose number, student or readings hold the text, whatever its case and accents. */
export function filterCopies(report: IntakeReport, view: ReportView, text: string): ReportCopy[] {
  const sought = plain(text.trim())
  return report.copies.filter(copy => belongs(copy, view) && (!sought || plain(wordsOf(copy)).includes(sought)))
}

function wordsOf(copy: ReportCopy): string {
  const { student, readings, anonymous_id } = copy
  return [anonymous_id, student?.last_name, student?.first_name, ...Object.values(readings)].join(' ')
}

function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
}
