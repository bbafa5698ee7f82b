import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { refusal, serve } from '@/testing/fakeServer'
import { FakeSocket } from '@/testing/fakeSocket'
import FileDrop from '@/ui/FileDrop.vue'
import { mountAt } from '@/testing/harness'
import StudentImport from './StudentImport.vue'

async function drop(answer: Parameters<typeof serve>[0][string]) {
  serve({ 'POST /api/students/import/': answer })
  const page = await mountAt('/students', StudentImport, { open: true })
  page.findComponent(FileDrop).vm.$emit('files', [new File(['nom'], 'eleves.csv')])
  await flushPromises()
  return page
}

const text = () => document.body.textContent ?? ''

describe('importing students', () => {
  it('shows every fault of a refused file with its line and column', async () => {
    const details = [
      { line: 2, column: 'date_naissance', message: '« 31/02/2008 » n’est pas une date.' },
      { line: 7, column: 'email', message: '« jean@ » n’est pas une adresse.' },
    ]
    await drop(refusal(422, 'roster.invalid', 'La liste a des erreurs.', { details }))
    const rows = [...document.querySelectorAll('tbody tr')].map(row => row.textContent)
    expect(rows).toHaveLength(2)
    expect(rows[1]).toContain('7')
    expect(rows[1]).toContain('jean@')
    expect(text()).toContain('eleves.csv : 2 erreurs')
  })

  it('follows the task to its figures and its passwords', async () => {
    await drop({ status: 202, body: { task_id: 't', message: '', status_url: '', filename: 'eleves.csv' } })
    const result = {
      status: 'success',
      created: 38,
      updated: 2,
      skipped: 0,
      errors: [],
      passwords: { 'a@b.fr': 'cheval' },
    }
    FakeSocket.last.say({ type: 'task', task: { task_id: 't', status: 'SUCCESS', ready: true, result } })
    await flushPromises()
    expect(text()).toContain('38 ajoutés, 2 mis à jour')
    expect(text()).toContain('cheval')
  })

  it('says why a task has failed', async () => {
    await drop({ status: 202, body: { task_id: 't', message: '', status_url: '', filename: 'eleves.csv' } })
    const result = { status: 'error', error: 'Base de données indisponible.' }
    FakeSocket.last.say({ type: 'task', task: { task_id: 't', status: 'FAILURE', ready: true, result } })
    await flushPromises()
    expect(text()).toContain('Base de données indisponible.')
  })
})
