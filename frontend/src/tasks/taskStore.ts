import { defineStore } from 'pinia'
import { computed, ref, shallowReactive } from 'vue'
import { getTaskStatus, listTasks, steerTask, type Task, type TaskAction, type TaskState } from './tasksApi'

export type TaskGroup = 'running' | 'waiting' | 'failed' | 'history'

const groups: Record<TaskState, TaskGroup> = {
  STARTED: 'running',
  PROGRESS: 'running',
  PENDING: 'waiting',
  RETRY: 'waiting',
  PAUSED: 'waiting',
  FAILURE: 'failed',
  SUCCESS: 'history',
  REVOKED: 'history',
}

/** Tasks by id. Lists and answers of actions arrive through `receive`, socket messages through `hear`. */
export const useTasks = defineStore('tasks', () => {
  const byId = shallowReactive(new Map<Task['id'], Task>())
  /** Whether what the server does of itself is listed too: it cleans up every minute. */
  const withServer = ref(false)
  const byGroup = computed(() => {
    const sorted = [...byId.values()].sort((a, b) => b.created_at.localeCompare(a.created_at))
    return Object.groupBy(sorted, task => groups[task.status]) as Partial<Record<TaskGroup, Task[]>>
  })

  function receive(task: Task): void {
    // Children stand behind their parent, which sums up their progress.
    if (task.parent_id !== null) return
    const wanted = withServer.value || task.created_by !== null || task.status === 'FAILURE'
    if (wanted) byId.set(task.id, task)
    else byId.delete(task.id)
  }

  /** What a socket brings. It speaks to everybody: an error's sentence in the reader's language is asked for. */
  async function hear(task: Task): Promise<void> {
    receive(task)
    if (!task.error_code) return
    const status = await getTaskStatus(task.id).catch(() => undefined)
    if (typeof status?.result?.error === 'string') receive({ ...task, error_message: status.result.error })
  }

  async function load(): Promise<Task[]> {
    const page = await listTasks({ page_size: 200, by_server: withServer.value })
    byId.clear()
    page.results.forEach(receive)
    return page.results
  }

  async function steer(task: Task, action: TaskAction): Promise<void> {
    receive(await steerTask(task.id, action))
  }

  return { byId, byGroup, withServer, receive, hear, load, steer }
})
