import { describe, expect, it } from 'vitest'
import { makeFace, makeReport, makeReportCopy } from '@/testing/factories'
import { filterCopies } from './reportFilter'

const student = {
  id: 1,
  last_name: 'Élégante',
  first_name: 'Zoë',
  date_naissance: '2008-05-15',
  email: null,
  class_name: '',
}
const auto = makeReportCopy({ anonymous_id: 'A001', student })
const semi = makeReportCopy({ anonymous_id: 'A002', mode: 'SEMI_AUTO', readings: { nom: 'DUPONT' } })
const faint = makeReportCopy({
  anonymous_id: 'A003',
  mode: 'MANUAL',
  student,
  faces: [makeFace({ flags: ['faint'] })],
})
const warned = makeReportCopy({ anonymous_id: 'A004', student, warnings: ['Trois faces.'] })
const report = makeReport([auto, semi, faint, warned])
const shown = (...question: [Parameters<typeof filterCopies>[1], string?]) =>
  filterCopies(report, question[0], question[1] ?? '').map(copy => copy.anonymous_id)

describe('copies of a report', () => {
  it('are filtered by decision', () => {
    expect(shown('AUTO')).toEqual(['A001', 'A004'])
    expect(shown('SEMI_AUTO')).toEqual(['A002'])
  })

  it('want a look when they have a warning or a doubtful face', () => {
    expect(shown('warnings')).toEqual(['A003', 'A004'])
  })

  it('are without a name until somebody is identified, whatever was decided', () => {
    expect(shown('unidentified')).toEqual(['A002'])
  })

  it('are found by number, name and reading, without case and accents', () => {
    expect(shown('all', 'a002')).toEqual(['A002'])
    expect(shown('all', 'elegante zoe')).toEqual(['A001', 'A003', 'A004'])
    expect(shown('all', ' dupont ')).toEqual(['A002'])
  })
})
