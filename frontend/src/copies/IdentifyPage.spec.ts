import { flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { listOf, refusal, serve, type Asked } from '@/testing/fakeServer'
import { mountAt } from '@/testing/harness'
import IdentifyPage from './IdentifyPage.vue'
import type { DeskPlace, DeskWish } from './identityDeskApi'

vi.mock('@/grading/operations', () => ({ newId: () => 'd1' }))

const student = (id: number, last_name: string) => ({
  ...{ id, last_name, first_name: 'Zoé', date_naissance: '2008-05-01', email: null, class_name: 'T1' },
})
const candidate = (rank: number, id: number, last_name: string) => ({
  ...{ rank, student: student(id, last_name), confidence: 0.6 / rank },
  evidence: { nom: { 'korrigo-hand': { text: last_name, fit: 3 } } },
})

/** Copies A001 to A003 on the server's side, whoever has which. */
function copyOf(number: number): NonNullable<DeskPlace['copy']> {
  return {
    ...{ id: `c${number}`, anonymous_id: `A00${number}`, status: 'STAGING', page_count: 4 },
    ...{ student_identifier: null, header_url: null },
    ocr_result: {
      ...{ detected_text: '', confidence: 0.6, ocr_mode: 'SEMI_AUTO', readings: { nom: 'DUPONT' } },
      ...{ selected_rank: null, manual_override: false, engines: [] },
      candidates: [candidate(1, 10 * number + 1, 'DUPONT'), candidate(2, 10 * number + 2, 'DUMONT')],
    },
  }
}

let left: number[]
let opened: VueWrapper | undefined
let asked: Asked[]
const people = [{ id: 7, name: 'Camille Martin', identified: 4, is_here: true }]

function answer(body: unknown) {
  const { move, copy_id } = body as DeskWish
  const at = left.findIndex(number => `c${number}` === copy_id)
  const wanted = move === 'stay' ? at : move === 'back' ? at - 1 : at + 1
  const number = left.length ? left[(wanted + left.length) % left.length] : undefined
  const progress = { left: left.length, identified: 40 - left.length, quarantined: 0, people }
  return {
    body: { copy: number ? copyOf(number) : null, header_fields: [], until: '2026-02-03T10:00:00Z', progress },
  }
}

async function open(routes: Parameters<typeof serve>[0] = {}): Promise<VueWrapper> {
  left = [1, 2, 3]
  const settle = (number: number) => () => {
    left = left.filter(one => one !== number)
    return { body: {} }
  }
  const known: Parameters<typeof serve>[0] = {}
  for (const number of left) {
    known[`POST /api/identification/copies/c${number}/select-candidate/`] = settle(number)
    known[`POST /api/identification/copies/c${number}/manual-assign/`] = settle(number)
    known[`POST /api/copies/c${number}/quarantine/`] = settle(number)
  }
  asked = serve({
    ...known,
    'POST /api/identification/desk/d1/': ({ body }) => answer(body),
    'DELETE /api/identification/desk/d1/': { status: 204 },
    ...routes,
  })
  opened = await mountAt('/exams/e1/identify', IdentifyPage, { exam_id: 'e1' })
  await flushPromises()
  return opened
}

async function press(key: string, more: KeyboardEventInit = {}) {
  window.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }))
  await flushPromises()
}
const shown = (page: VueWrapper) => page.find('[data-copy]').text()
const counter = (page: VueWrapper) => page.find('[data-counter]').text()
const sent = () => asked.filter(one => !one.path.includes('/csrf/')).map(one => `${one.method} ${one.path}`)

describe('the identification desk', () => {
  afterEach(async () => {
    // It says good-bye to its server.
    opened?.unmount()
    await flushPromises()
  })

  it('identifies by a key, by what the page showed, and goes on', async () => {
    const page = await open()
    expect(shown(page)).toContain('A001')
    expect(counter(page)).toContain('3 copies')
    expect(page.find('[data-person]').text()).toBe('Camille Martin : 4, au bureau')
    expect(page.find('[data-reason]').text()).toContain('concorde')
    await press('é', { code: 'Digit2' })
    expect(asked.find(one => one.path.endsWith('select-candidate/'))!.body).toEqual({ rank: 2, student_id: 12 })
    expect(shown(page)).toContain('A002')
    expect(page.find('[data-notice]').text()).toContain('Copie A001 : DUMONT Zoé')
  })

  it('takes one long press of a key as one decision', async () => {
    const page = await open()
    await press('1', { code: 'Digit1' })
    await press('1', { code: 'Digit1', repeat: true })
    expect(shown(page)).toContain('A002')
  })

  it('skips, goes back, sets apart, and sums up what was done', async () => {
    const page = await open()
    await press('ArrowRight')
    expect(shown(page)).toContain('A002')
    await press('ArrowLeft')
    expect(shown(page)).toContain('A001')
    await press('n')
    expect(asked.find(one => one.path === '/api/copies/c1/quarantine/')!.body).toEqual({
      reason: 'Pas sur la liste de l’examen',
    })
    await press('ArrowRight')
    await press('1', { code: 'Digit1' })
    await press('s')
    const figure = (name: string) => page.find(`[data-figure=${name}]`).text()
    expect(['identified', 'first', 'skipped', 'set_apart'].map(figure)).toEqual(['1', '1', '1', '1'])
    await press('1', { code: 'Digit1' })
    await press('s')
    expect(shown(page)).toContain('A002')
  })

  it('says who was first, and shows the next copy', async () => {
    const said = 'Camille Martin a identifié cette copie : MOREL Paul.'
    const page = await open({
      'POST /api/identification/copies/c1/select-candidate/': () => {
        left = [2, 3]
        return refusal(409, 'identification.already_identified', said)
      },
    })
    await press('1', { code: 'Digit1' })
    expect(page.find('[data-notice]').text()).toBe(said)
    expect(shown(page)).toContain('A002')
    await press('s')
    expect(page.find('[data-figure=identified]').text()).toBe('0')
  })

  it('stays where the student has another copy', async () => {
    const page = await open({
      'POST /api/identification/copies/c1/select-candidate/': refusal(409, 'identification.student_has_copy', 'Déjà.'),
    })
    await press('1', { code: 'Digit1' })
    expect(shown(page)).toContain('A001')
    expect(document.body.textContent).toContain('Déjà.')
  })

  it('takes back and shows that copy again', async () => {
    const page = await open({
      'POST /api/exams/e1/undo/': () => {
        left = [1, 2, 3]
        return { body: { undone: 'identify', message: '', booklet_ids: [], copy_ids: ['c2', 'c1'] } }
      },
    })
    await press('1', { code: 'Digit1' })
    await press('z', { ctrlKey: true })
    expect(shown(page)).toContain('A001')
    expect(page.find('[data-notice]').text()).toBe('Identification annulée')
  })

  it('finds by search who is spelled otherwise, the school’s students after the exam’s', async () => {
    vi.useFakeTimers()
    const entry = { student: student(80, 'LEFÈVRE'), position: 0, numero_etudiant: null, presence: 'expected' }
    const page = await open({
      'GET /api/exams/e1/roster/': listOf([{ ...entry, copy_id: null }]),
      'GET /api/students/': listOf([student(80, 'LEFÈVRE'), student(99, 'LEFORT')]),
    })
    const field = page.find('input[type=search]')
    await field.setValue('lefebvre')
    await vi.advanceTimersByTimeAsync(200)
    await flushPromises()
    const found = page.findAll('[data-found]')
    expect(found.map(one => one.text().split(' ')[0])).toEqual(['LEFÈVRE', 'LEFORT'])
    expect(found[1]!.text()).toContain('hors liste')
    await field.trigger('keydown', { key: 'Enter' })
    expect(sent().some(one => one.includes('manual-assign'))).toBe(false)
    await field.trigger('keydown', { key: 'ArrowDown' })
    expect(document.activeElement).toBe(found[0]!.element)
    await found[0]!.trigger('click')
    await flushPromises()
    expect(asked.find(one => one.path.endsWith('manual-assign/'))!.body).toEqual({ student_id: 80 })
  })

  it('keeps its copy while it is shown, and gives it up when it leaves', async () => {
    vi.useFakeTimers()
    const page = await open()
    await vi.advanceTimersByTimeAsync(20_000)
    await flushPromises()
    expect(asked.at(-1)!.body).toEqual({ exam_id: 'e1', move: 'stay', copy_id: 'c1' })
    page.unmount()
    opened = undefined
    await flushPromises()
    expect(asked.at(-1)!.method).toBe('DELETE')
  })
})
