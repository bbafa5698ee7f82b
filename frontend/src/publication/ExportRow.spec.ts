import { flushPromises } from '@vue/test-utils'
import { describe, expect, it, vi } from 'vitest'
import { refusal, serve } from '@/testing/fakeServer'
import { FakeSocket } from '@/testing/fakeSocket'
import { mountAt } from '@/testing/harness'
import ExportRow from './ExportRow.vue'

async function begin(kind: string, answer: Parameters<typeof serve>[0][string]) {
  const asked = serve({ [`POST /api/exams/e1/export-${kind}/`]: answer })
  const page = await mountAt('/exams/e1/results', ExportRow, { examId: 'e1', kind, icon: 'i-lucide-file' })
  await page.find('button[aria-label^="Préparer"]').trigger('click')
  await flushPromises()
  return { page, asked }
}

const accepted = { status: 202, body: { task_id: 't', message: '', status_url: '', copies_count: 2 } }
const say = async (task: object) => {
  FakeSocket.last.say({ type: 'task', task: { task_id: 't', ...task } })
  await flushPromises()
}

describe('an export', () => {
  it('shows how far it is, then fetches its file and keeps the link', async () => {
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => {})
    const { page } = await begin('all', accepted)
    await say({ status: 'PROGRESS', ready: false, progress: { current: 1, total: 2, percent: 50 } })
    expect(page.text()).toContain('1 sur 2')
    expect(page.find('progress').attributes('value')).toBe('50')
    await say({ status: 'SUCCESS', ready: true, result: { missing: 1 } })
    expect(page.find('a[download]').attributes('href')).toBe('/api/tasks/t/result/')
    expect(page.text()).toContain('1 copie sans PDF')
    expect(click).toHaveBeenCalledOnce()
  })

  it('tells every reason of a refusal', async () => {
    const details = [{ message: 'Copie A003 sans élève.' }]
    const { page } = await begin(
      'pronote',
      refusal(400, 'pronote.not_ready', 'Pronote ne peut pas encore.', { details }),
    )
    expect(page.find('[role=alert]').text()).toContain('Pronote ne peut pas encore.')
    expect(page.find('[role=alert]').text()).toContain('Copie A003 sans élève.')
    expect(page.find('progress').exists()).toBe(false)
  })

  it('shows the warnings of Pronote, and sends its coefficient', async () => {
    const warned = { ...accepted, body: { ...accepted.body, warnings: ['Point-virgule retiré.'] } }
    const { page, asked } = await begin('pronote', warned)
    expect(asked.at(-1)?.body).toEqual({ coefficient: 1 })
    expect(page.text()).toContain('1 avertissement')
  })

  it('says why its task has failed', async () => {
    const { page } = await begin('csv', accepted)
    await say({ status: 'FAILURE', ready: true, result: { error: 'Disque plein.' } })
    expect(page.find('[role=alert]').text()).toBe('Disque plein.')
  })
})
