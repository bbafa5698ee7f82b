import { describe, expect, it } from 'vitest'
import { beginning, messageOf, receive, type Processing } from './processing'
import type { ProcessingMessage, ProcessingStage } from './scansApi'

const progress = (stage: ProcessingStage, current: number, total: number): ProcessingMessage => ({
  ...{ type: 'progress', stage, current, total },
  percent: 0,
})
const complete: ProcessingMessage = { type: 'processing_complete', exam_id: 'e', copies_created: 40, duration: 12.5 }
const after = (...messages: ProcessingMessage[]): Processing => messages.reduce(receive, beginning())
const statesOf = (processing: Processing) => processing.stages.map(stage => stage.state)

describe('how a batch comes along', () => {
  it('waits until the first message', () => {
    expect(beginning().phase).toBe('waiting')
  })

  it('shows counts of the stage that runs', () => {
    const sides = after(progress('open', 1, 1), progress('sides', 22, 88)).stages[1]
    expect(sides).toMatchObject({ state: 'running', current: 22, total: 88, percent: 25 })
  })

  it('ends a stage with its last piece', () => {
    expect(after(progress('open', 1, 1)).stages[0]?.state).toBe('done')
  })

  it('takes earlier stages for done although their messages were left out', () => {
    expect(statesOf(after(progress('headers', 3, 40)))).toEqual(['done', 'done', 'running', 'waiting', 'waiting'])
  })

  it('does not reopen a stage on a late message', () => {
    expect(after(progress('headers', 1, 40), progress('sides', 10, 88)).stages[1]?.state).toBe('done')
  })

  it('ends with every stage done and what was made', () => {
    const ended = after(progress('sides', 88, 88), complete)
    expect(ended).toMatchObject({ phase: 'complete', copies_created: 40, duration: 12.5 })
    expect(new Set(statesOf(ended))).toEqual(new Set(['done']))
  })

  it('keeps the stages as they stood when it fails, and the reason', () => {
    const failed = after(progress('sides', 10, 88), { type: 'processing_failed', error: 'PDF illisible.' })
    expect(failed).toMatchObject({ phase: 'failed', error: 'PDF illisible.' })
    expect(failed.stages[1]?.state).toBe('running')
  })

  it('stays ended whatever comes after', () => {
    expect(after(complete, progress('open', 0, 1)).phase).toBe('complete')
    expect(after({ type: 'processing_failed', error: 'x' }, complete).phase).toBe('failed')
  })
})

describe("a task's status as a message", () => {
  const status = { task_id: 't', ready: false } as const

  it('tells progress of a known stage', () => {
    const told = { current: 5, total: 10, percent: 50, stage: 'sides' }
    expect(messageOf('e', { ...status, status: 'PROGRESS', progress: told })).toEqual({ type: 'progress', ...told })
  })

  it('says nothing new while waiting', () => {
    expect(messageOf('e', { ...status, status: 'PENDING' })).toBeUndefined()
  })

  it('tells both ends', () => {
    const result = { exam_id: 'e', copies_created: 3, duration: 2 }
    expect(messageOf('e', { task_id: 't', status: 'SUCCESS', ready: true, result })).toEqual({
      type: 'processing_complete',
      ...result,
    })
    const cancelled = { task_id: 't', status: 'REVOKED', ready: true, result: { error: 'Arrêtée.' } } as const
    expect(messageOf('e', cancelled)).toEqual({ type: 'processing_failed', error: 'Arrêtée.' })
  })
})
