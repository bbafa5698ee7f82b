import { describe, expect, it } from 'vitest'
import { placeOf, type Notification } from './notificationsApi'

const told = (kind: Notification['kind'], content: Record<string, unknown> = {}): Notification => ({
  ...{ id: 'n', kind, content, created_at: '2026-02-03T10:00:00.000Z', read_at: null },
})

describe('where a notification leads', () => {
  it('is the page of its exam, or one’s own list', () => {
    expect(placeOf(told('FACE_REPORTED', { exam_id: 'e' }))).toEqual({ name: 'exam_matters', params: { exam_id: 'e' } })
    expect(placeOf(told('COPIES_ASSIGNED', { exam_id: 'e', copies: 3 }))).toEqual({ name: 'my_copies' })
  })

  it('is home where no exam is named', () => {
    expect(placeOf(told('BATCH_FAILED'))).toEqual({ name: 'home' })
  })
})
