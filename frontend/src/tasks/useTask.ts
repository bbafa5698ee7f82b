import { tryOnScopeDispose } from '@vueuse/core'
import { shallowRef, type ShallowRef } from 'vue'
import { openSocket, type Socket } from '@/api/socket'
import { getTaskStatus, type TaskStatus } from './tasksApi'

export interface FollowedTask {
  /** The newest known state of the task followed; undefined before the first. */
  status: ShallowRef<TaskStatus | undefined>
  follow: (task_id: string) => void
  forget: () => void
}

/** Follows one task by socket until it has ended, asking every `pollInterval` milliseconds while the socket is down. */
export function useTask(pollInterval = 2000): FollowedTask {
  const status = shallowRef<TaskStatus>()
  let socket: Socket | undefined
  let timer: ReturnType<typeof setInterval> | undefined
  let followed = ''

  function receive(news: TaskStatus) {
    if (news.task_id !== followed || status.value?.ready) return
    status.value = news
    if (!news.ready) return
    stop()
    if (news.status === 'FAILURE') void inOwnLanguage(news)
  }

  /** Sockets speak to everybody: a failure's sentence in the reader's language is asked for. */
  async function inOwnLanguage(news: TaskStatus) {
    const asked = await getTaskStatus(news.task_id).catch(() => news)
    if (asked.task_id === followed) status.value = asked
  }

  function follow(task_id: string) {
    forget()
    followed = task_id
    socket = openSocket<{ task: TaskStatus }>(`/ws/tasks/${task_id}/`, { onMessage: message => receive(message.task) })
    timer = setInterval(() => {
      if (socket?.state.value !== 'open') void getTaskStatus(task_id).then(receive, () => {})
    }, pollInterval)
  }

  function stop() {
    clearInterval(timer)
    socket?.close()
    socket = undefined
  }

  function forget() {
    stop()
    followed = ''
    status.value = undefined
  }

  tryOnScopeDispose(stop)
  return { status, follow, forget }
}
