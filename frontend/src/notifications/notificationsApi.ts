import type { RouteLocationRaw } from 'vue-router'
import { body, GET, POST, type Page, type Schemas } from '@/api/http'

export type Notification = Schemas['Notification']

export const listNotifications = (): Promise<Page<Notification>> =>
  body(GET('/api/notifications/', { params: { query: { page_size: 30 } } }))

export const readNotification = (notification_id: string) =>
  body(POST('/api/notifications/{notification_id}/read/', { params: { path: { notification_id } } }))

const pages: Record<Notification['kind'], string> = {
  READY_FOR_IDENTIFICATION: 'identify',
  BATCH_FAILED: 'processing',
  COPIES_ASSIGNED: 'my_copies',
  ALL_GRADED: 'exam_results',
  RESULTS_RELEASED: 'results',
  FACE_REPORTED: 'exam_matters',
  TASK_FAILED: 'tasks',
}
const ofNoExam = ['my_copies', 'results', 'tasks']

/** Where one goes to see to it. */
export function placeOf({ kind, content }: Notification): RouteLocationRaw {
  const name = pages[kind]
  if (ofNoExam.includes(name)) return { name }
  return typeof content.exam_id === 'string' ? { name, params: { exam_id: content.exam_id } } : { name: 'home' }
}
