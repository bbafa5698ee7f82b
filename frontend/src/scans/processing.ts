import type { TaskStatus } from '@/tasks/tasksApi'
import type { ProcessingMessage, ProcessingStage } from './scansApi'

/** The stages of a batch in the order in which they end. */
export const stages: readonly ProcessingStage[] = ['open', 'sides', 'headers', 'identify', 'write']

export interface StageProgress {
  stage: ProcessingStage
  state: 'waiting' | 'running' | 'done'
  current: number
  total: number
  percent: number
}

export interface Processing {
  phase: 'waiting' | 'running' | 'complete' | 'failed'
  stages: StageProgress[]
  copies_created: number
  /** Seconds the batch took; 0 until it has ended. */
  duration: number
  error: string
}

export function beginning(): Processing {
  const waiting = stages.map(stage => ({ stage, state: 'waiting' as const, current: 0, total: 0, percent: 0 }))
  return { phase: 'waiting', stages: waiting, copies_created: 0, duration: 0, error: '' }
}

/**
 * The state after one more message. What has ended stays ended; stages before the one that is told about are done,
 * because messages of a slow connection may have been left out.
 */
export function receive(before: Processing, message: ProcessingMessage): Processing {
  if (before.phase === 'complete' || before.phase === 'failed') return before
  switch (message.type) {
    case 'processing_failed':
      return { ...before, phase: 'failed', error: message.error }
    case 'processing_complete': {
      const { copies_created, duration } = message
      return { ...before, phase: 'complete', copies_created, duration, stages: before.stages.map(ended) }
    }
    case 'progress': {
      const told = stages.indexOf(message.stage)
      const news = before.stages.map((stage, index) =>
        index < told ? ended(stage) : index === told ? advanced(stage, message) : stage,
      )
      return { ...before, phase: 'running', stages: news }
    }
  }
}

/** The message that says the same as a task's status; none when it says nothing new. */
export function messageOf(exam_id: string, status: TaskStatus): ProcessingMessage | undefined {
  const result = status.result ?? {}
  if (status.status === 'SUCCESS') {
    const [copies_created, duration] = [Number(result.copies_created ?? 0), Number(result.duration ?? 0)]
    return { type: 'processing_complete', exam_id, copies_created, duration }
  }
  if (status.ready) return { type: 'processing_failed', error: String(result.error ?? '') }
  const stage = stages.find(name => name === status.progress?.stage)
  if (!status.progress || !stage) return undefined
  const { current, total, percent } = status.progress
  return { type: 'progress', stage, current, total, percent }
}

function ended(stage: StageProgress): StageProgress {
  return { ...stage, state: 'done', current: Math.max(stage.current, stage.total), percent: 100 }
}

function advanced(stage: StageProgress, news: { current: number; total: number; percent: number }): StageProgress {
  if (stage.state === 'done') return stage
  const { current, total } = news
  const percent = total > 0 ? (100 * current) / total : 0
  return { ...stage, current, total, percent, state: total > 0 && current >= total ? 'done' : 'running' }
}
