import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { makeMe } from '@/testing/factories'
import { refusal, serve } from '@/testing/fakeServer'
import { field, mountAt, type } from '@/testing/harness'
import { useSession } from './sessionStore'
import StaffLoginPage from './StaffLoginPage.vue'

async function logIn(answer: Parameters<typeof serve>[0][string], path = '/login/staff') {
  const asked = serve({ 'POST /api/login/': answer })
  const page = await mountAt(path, StaffLoginPage)
  type(field(page, 'Identifiant'), ' admin ')
  type(field(page, 'Mot de passe'), 'secret')
  await page.find('form').trigger('submit')
  await flushPromises()
  return { asked, page }
}

describe('the log-in of staff', () => {
  it('logs in with the name as typed, without the spaces around it', async () => {
    const { asked } = await logIn({ body: makeMe() })
    expect(asked.at(-1)?.body).toEqual({ username: 'admin', password: 'secret' })
    expect(useSession().me?.username).toBe('admin')
  })

  it("shows the server's sentence and keeps what was typed", async () => {
    const { page } = await logIn(refusal(401, 'auth.invalid_credentials', 'Identifiant ou mot de passe incorrect.'))
    expect(page.find('[role=alert]').text()).toContain('incorrect')
    expect(field(page, 'Identifiant').value).toBe(' admin ')
  })

  it('says how long to wait after too many tries (286)', async () => {
    const limited = { ...refusal(429, 'limits.too_many_attempts', 'Trop.'), headers: { 'Retry-After': '600' } }
    const { page } = await logIn(limited)
    expect(page.find('[role=alert]').text()).toContain('10 min')
  })

  it('asks the server nothing while a field is empty', async () => {
    const asked = serve({})
    const page = await mountAt('/login/staff', StaffLoginPage)
    await page.find('form').trigger('submit')
    expect(asked.filter(one => one.method === 'POST')).toHaveLength(0)
    expect(page.text()).toContain('Ce champ est nécessaire.')
  })
})
