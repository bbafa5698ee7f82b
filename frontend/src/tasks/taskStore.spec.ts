import { beforeEach, describe, expect, it } from 'vitest'
import { makeTask } from '@/testing/factories'
import { listOf, serve } from '@/testing/fakeServer'
import { freshPinia } from '@/testing/harness'
import { useTasks } from './taskStore'

beforeEach(() => {
  freshPinia()
})

describe('tasks', () => {
  it('move to another group with the news that the socket brings', () => {
    const tasks = useTasks()
    const task = makeTask({ status: 'PENDING' })
    tasks.receive(task)
    expect(tasks.byGroup.waiting).toEqual([task])
    const done = { ...task, status: 'SUCCESS' as const }
    tasks.receive(done)
    expect(tasks.byGroup.waiting).toBeUndefined()
    expect(tasks.byGroup.history).toEqual([done])
  })

  it('say in the language of the reader why they failed', async () => {
    const tasks = useTasks()
    const task = makeTask({ status: 'FAILURE', error_code: 'task.timed_out', error_message: 'The task took longer.' })
    const error = 'La tâche a pris trop de temps.'
    const status = { task_id: task.id, status: 'FAILURE', ready: true, result: { error, status: 'error' } }
    serve({ [`GET /api/tasks/${task.id}/status/`]: { body: status } })
    await tasks.hear(task)
    expect(tasks.byId.get(task.id)).toEqual({ ...task, error_message: error })
  })

  it('stand behind their parent when they are children', () => {
    const tasks = useTasks()
    tasks.receive(makeTask({ parent_id: 'p' }))
    expect(tasks.byId.size).toBe(0)
  })

  it('of the server itself are left out until they are wanted, or fail', async () => {
    const tasks = useTasks()
    const task = makeTask({ created_by: null, status: 'PENDING' })
    tasks.receive(task)
    expect(tasks.byId.size).toBe(0)
    tasks.receive({ ...task, status: 'FAILURE' })
    expect(tasks.byGroup.failed).toHaveLength(1)
    tasks.receive({ ...task, status: 'RETRY' })
    expect(tasks.byId.size).toBe(0)
    tasks.withServer = true
    const asked = serve({ 'GET /api/tasks/': listOf([task]) })
    await tasks.load()
    expect(tasks.byId.size).toBe(1)
    expect(asked[0]?.query.get('by_server')).toBe('true')
  })

  it('are shown with the newest first', () => {
    const tasks = useTasks()
    const old = makeTask({ created_at: '2026-01-01T00:00:00.000Z' })
    const young = makeTask({ created_at: '2026-02-01T00:00:00.000Z' })
    tasks.receive(old)
    tasks.receive(young)
    expect(tasks.byGroup.running).toEqual([young, old])
  })

  it('take the answer of an action as news', async () => {
    const tasks = useTasks()
    const task = makeTask()
    serve({
      'GET /api/tasks/': listOf([task]),
      [`POST /api/tasks/${task.id}/pause/`]: { body: { ...task, status: 'PAUSED' } },
    })
    await tasks.load()
    await tasks.steer(task, 'pause')
    expect(tasks.byId.get(task.id)?.status).toBe('PAUSED')
  })
})
