import { beforeEach, describe, expect, it } from 'vitest'
import { useSession } from '@/accounts/sessionStore'
import { makeMe } from '@/testing/factories'
import { refusal, serve } from '@/testing/fakeServer'
import { freshPinia } from '@/testing/harness'
import { guard, router } from './router'

beforeEach(() => {
  freshPinia()
})

const to = (path: string) => guard(router.resolve(path) as never)

describe('who may go where', () => {
  it('leads whoever is not logged in to the portal, and back afterwards', async () => {
    serve({ 'GET /api/me/': refusal(401, 'auth.required', '') })
    expect(await to('/exams/1')).toEqual({ name: 'portal', query: { next: '/exams/1' } })
    expect(await to('/login/staff')).toBe(true)
  })

  it('shows no page of a session that has ended (280)', async () => {
    serve({ 'GET /api/me/': { body: makeMe() } })
    expect(await to('/exams')).toBe(true)
    useSession().forget()
    expect(await to('/exams')).toEqual({ name: 'portal', query: { next: '/exams' } })
  })

  it('sends a teacher and a student away from pages of the office (282)', async () => {
    const session = useSession()
    session.me = makeMe({ role: 'TEACHER' })
    expect(await to('/users')).toEqual({ name: 'my_copies' })
    session.me = makeMe({ role: 'STUDENT' })
    expect(await to('/copies')).toEqual({ name: 'results' })
  })

  it('lets nobody pass who has to change the password first (283)', async () => {
    useSession().me = makeMe({ must_change_password: true })
    expect(await to('/exams')).toEqual({ name: 'password' })
    expect(await to('/password')).toBe(true)
  })

  it('leads from the log-in to the home of the role', async () => {
    useSession().me = makeMe()
    expect(await to('/login')).toEqual({ name: 'exams' })
  })

  it('goes nowhere while the server cannot be asked who is logged in', async () => {
    serve({ 'GET /api/me/': 'no network' })
    expect(await to('/exams')).toBe(false)
    expect(useSession().failure).toBeDefined()
  })
})
