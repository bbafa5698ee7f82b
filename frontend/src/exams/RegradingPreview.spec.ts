import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { refusal, serve } from '@/testing/fakeServer'
import { mountAt } from '@/testing/harness'
import BaremePage from './BaremePage.vue'

const path = '/api/exams/e/'
const tree = [
  { id: 'q1', label: 'Calcul', points: 12 },
  { id: 'q2', label: 'Preuve', points: 8 },
]
const told = {
  version: 1,
  grading_structure: [tree[0]!],
  mark_step: 0.25,
  maximum_before: 20,
  maximum_after: 12,
  questions_added: [],
  questions_removed: ['q2'],
  questions_changed: [],
  marked_count: 2,
  graded_count: 1,
  copies: [
    {
      copy_id: 'c',
      anonymous_id: 'A007',
      status: 'GRADED',
      total_before: 14,
      total_after: 9.5,
      to_score: [],
      lost: ['q2'],
      reopened: false,
    },
  ],
  thresholds: [{ of_20: 10, reached_before: 1, reached_after: 0 }],
  fingerprint: 'f1',
}

const text = () => document.body.textContent ?? ''
const press = async (name: string) => {
  const all = [...document.querySelectorAll('button')]
  all.find(one => one.textContent?.trim() === name || one.getAttribute('aria-label') === name)!.click()
  // The parts of the page that are loaded when they are wanted take their time in a test.
  for (let round = 0; round < 20; round += 1) {
    await flushPromises()
    await new Promise(resolve => setTimeout(resolve, 25))
  }
}

async function openChanged(apply: Parameters<typeof serve>[0][string]) {
  const asked = serve({
    [`GET ${path}`]: { body: { id: 'e', name: 'Bac', grading_structure: tree, mark_step: 0.25 } },
    [`PATCH ${path}`]: refusal(409, 'bareme.in_use', 'Des points ont été donnés.'),
    [`POST ${path}grading-structure/preview/`]: { body: told },
    [`POST ${path}grading-structure/`]: apply,
  })
  await mountAt('/exams/e/bareme', BaremePage, { exam_id: 'e' })
  await press('Retirer Preuve')
  await press('Enregistrer')
  return asked
}

describe('a barème that changes after the marking', () => {
  it('shows what would move, and applies it under the print of what was seen', async () => {
    const asked = await openChanged({ body: told })
    expect(text()).toContain('20 → 12')
    expect(text()).toContain('A007')
    expect(text()).toContain('points qui ne comptent plus : Preuve')
    expect(text()).toContain('(−1)')
    await press('Appliquer le changement')
    expect(asked.at(-2)).toMatchObject({ method: 'POST', body: { fingerprint: 'f1', mark_step: 0.25 } })
    expect(text()).not.toContain('Ce que ce changement déplace')
  })

  it('changes nothing when it is closed', async () => {
    const asked = await openChanged({ body: told })
    await press('Ne rien changer')
    expect(asked.filter(one => one.path.endsWith('grading-structure/'))).toEqual([])
  })

  it('shows the preview anew when points were given meanwhile', async () => {
    await openChanged(refusal(409, 'bareme.preview_stale', 'L’aperçu est périmé.'))
    await press('Appliquer le changement')
    expect(text()).toContain('Des points ont été donnés entre-temps')
  })
})
