import { body, GET, POST, type Page, type Schemas } from '@/api/http'

export type Task = Schemas['Task']
export type TaskState = Schemas['TaskState']
export type TaskStatus = Schemas['TaskStatus']
export type TaskAction = 'cancel' | 'pause' | 'resume' | 'retry'

export interface TaskQuery {
  page?: number
  page_size?: number
  /** One or several states, separated by commas. */
  status?: string
  /** False: without what the server started itself, unless it failed. */
  by_server?: boolean
}

export const listTasks = (query: TaskQuery): Promise<Page<Task>> => body(GET('/api/tasks/', { params: { query } }))

export const getTaskStatus = (task_id: string): Promise<TaskStatus> =>
  body(GET('/api/tasks/{task_id}/status/', { params: { path: { task_id } } }))

export const steerTask = (task_id: string, action: TaskAction): Promise<Task> => {
  const params = { path: { task_id } }
  const answers = {
    cancel: () => body(POST('/api/tasks/{task_id}/cancel/', { params })),
    pause: () => body(POST('/api/tasks/{task_id}/pause/', { params })),
    resume: () => body(POST('/api/tasks/{task_id}/resume/', { params })),
    retry: () => body(POST('/api/tasks/{task_id}/retry/', { params })),
  }
  return answers[action]()
}
