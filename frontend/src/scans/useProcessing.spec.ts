import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { serve } from '@/testing/fakeServer'
import { FakeSocket } from '@/testing/fakeSocket'
import { inScope } from '@/testing/harness'
import { useProcessing } from './useProcessing'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const halfway = {
  body: {
    task_id: 't',
    status: 'PROGRESS',
    ready: false,
    progress: { current: 5, total: 10, percent: 50, stage: 'sides' },
  },
}
const ended = {
  body: { task_id: 't', status: 'SUCCESS', ready: true, result: { exam_id: 'e', copies_created: 9, duration: 4 } },
}

describe('following a batch', () => {
  it('asks for the task while the socket is down', async () => {
    serve({ 'GET /api/tasks/t/status/': halfway })
    const { value } = inScope(() => useProcessing('e', () => 't'))
    FakeSocket.last.drop()
    await vi.advanceTimersByTimeAsync(2000)
    expect(value.live.value).toBe(false)
    expect(value.processing.value.stages[1]).toMatchObject({ current: 5, total: 10 })
  })

  it('asks nothing while the socket is up', async () => {
    const asked = serve({ 'GET /api/tasks/t/status/': halfway })
    inScope(() => useProcessing('e', () => 't'))
    FakeSocket.last.accept()
    await vi.advanceTimersByTimeAsync(10_000)
    expect(asked).toHaveLength(0)
  })

  it('ends although the final message was sent while the connection was down', async () => {
    serve({ 'GET /api/tasks/t/status/': ended })
    const { value } = inScope(() => useProcessing('e', () => 't'))
    FakeSocket.last.accept()
    FakeSocket.last.drop()
    await vi.advanceTimersByTimeAsync(2000)
    expect(value.processing.value).toMatchObject({ phase: 'complete', copies_created: 9 })
  })

  it('stops asking and listening once it has ended', async () => {
    const asked = serve({ 'GET /api/tasks/t/status/': ended })
    inScope(() => useProcessing('e', () => 't'))
    await vi.advanceTimersByTimeAsync(2000)
    const before = asked.length
    await vi.advanceTimersByTimeAsync(20_000)
    expect(asked).toHaveLength(before)
    expect(FakeSocket.last.closed).toBe(true)
  })

  it("asks for the failure's sentence in the language of the reader", async () => {
    const result = { error: 'La tâche a été annulée.', status: 'error' }
    serve({ 'GET /api/tasks/t/status/': { body: { task_id: 't', status: 'FAILURE', ready: true, result } } })
    const { value } = inScope(() => useProcessing('e', () => 't'))
    FakeSocket.last.accept()
    FakeSocket.last.say({ type: 'processing_failed', error: 'The task was cancelled.' })
    await vi.advanceTimersByTimeAsync(100)
    expect(value.processing.value).toMatchObject({ phase: 'failed', error: 'La tâche a été annulée.' })
  })

  it('goes on asking when the server does not answer for a while', async () => {
    let answers = 0
    serve({ 'GET /api/tasks/t/status/': () => (++answers < 3 ? 'no network' : ended) })
    const { value } = inScope(() => useProcessing('e', () => 't'))
    await vi.advanceTimersByTimeAsync(6000)
    expect(value.processing.value.phase).toBe('complete')
  })
})
