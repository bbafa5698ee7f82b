import { tryOnScopeDispose } from '@vueuse/core'
import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import { openSocket } from '@/api/socket'
import { getTaskStatus } from '@/tasks/tasksApi'
import { beginning, messageOf, receive, type Processing } from './processing'
import type { ProcessingMessage } from './scansApi'

export interface FollowedProcessing {
  processing: ShallowRef<Processing>
  /** False while news come from asking instead of from the socket. */
  live: ComputedRef<boolean>
}

/**
 * How the batch of an exam comes along. While the socket is down, the task's status is asked for every `pollInterval`
 * milliseconds; `task_id` may be unknown for a moment, then nothing is asked.
 */
export function useProcessing(
  exam_id: string,
  task_id: () => string | undefined,
  pollInterval = 2000,
): FollowedProcessing {
  const processing = shallowRef(beginning())
  const socket = openSocket<ProcessingMessage>(`/ws/exams/${exam_id}/processing/`, { onMessage: take })
  const live = computed(() => socket.state.value === 'open')
  const timer = setInterval(() => void poll(), pollInterval)

  function take(message: ProcessingMessage) {
    processing.value = receive(processing.value, message)
    if (message.type === 'processing_failed' && live.value) void inOwnLanguage()
    if (processing.value.phase === 'complete' || processing.value.phase === 'failed') stop()
  }

  /** The socket speaks to everybody: the sentence in the reader's language is asked for. */
  async function inOwnLanguage() {
    const id = task_id()
    const status = id && (await getTaskStatus(id).catch(() => undefined))
    const error = status ? status.result?.error : undefined
    if (typeof error === 'string') processing.value = { ...processing.value, error }
  }

  async function poll() {
    const id = task_id()
    if (socket.state.value === 'open' || !id) return
    // A server that does not answer now is asked again at the next turn.
    const status = await getTaskStatus(id).catch(() => undefined)
    const message = status && messageOf(exam_id, status)
    if (message) take(message)
  }

  function stop() {
    clearInterval(timer)
    socket.close()
  }

  tryOnScopeDispose(stop)
  return { processing, live }
}
