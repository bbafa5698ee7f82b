import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { refusal, serve } from '@/testing/fakeServer'
import { field, mountAt, type } from '@/testing/harness'
import ForgottenPasswordPage from './ForgottenPasswordPage.vue'
import PasswordResetPage from './PasswordResetPage.vue'
import StaffLoginPage from './StaffLoginPage.vue'

const forgotten = 'Mot de passe oublié ?'

describe('a forgotten password', () => {
  it('is spoken of where the server sends mail, and nowhere else', async () => {
    for (const available of [true, false]) {
      serve({ 'GET /api/password-reset/': { body: { available } } })
      const page = await mountAt('/login/staff', StaffLoginPage)
      expect(page.text().includes(forgotten)).toBe(available)
      page.unmount()
    }
    serve({ 'GET /api/password-reset/': 'no network' })
    expect((await mountAt('/login/staff', StaffLoginPage)).text()).not.toContain(forgotten)
  })

  it('is asked for by name or address, and the answer says nothing about who exists', async () => {
    const asked = serve({ 'POST /api/password-reset/': { status: 202, body: { message: 'x' } } })
    const page = await mountAt('/login/forgotten', ForgottenPasswordPage)
    type(field(page, 'Identifiant'), ' marie ')
    await page.find('form').trigger('submit')
    await flushPromises()
    expect(asked.at(-1)?.body).toEqual({ username: 'marie' })
    expect(page.find('[role=status]').text()).toContain('Si ce compte existe')
    expect(page.find('form').exists()).toBe(false)
  })

  it('is replaced with what the link held', async () => {
    location.hash = '#secret-of-the-link'
    const asked = serve({ 'POST /api/password-reset/confirm/': { body: { message: 'x' } } })
    const page = await mountAt('/password-reset', PasswordResetPage)
    location.hash = ''
    type(field(page, 'Nouveau mot de passe'), 'lantern-orchard-29')
    type(field(page, 'Nouveau mot de passe, encore'), 'lantern-orchard-29')
    await page.find('form').trigger('submit')
    await flushPromises()
    expect(asked.at(-1)?.body).toEqual({ token: 'secret-of-the-link', new_password: 'lantern-orchard-29' })
    expect(page.find('[role=status]').text()).toBe('Mot de passe changé.')
  })

  it('stays when the link was used', async () => {
    serve({
      'POST /api/password-reset/confirm/': refusal(400, 'password_reset.invalid', 'Ce lien n’est plus valable.'),
    })
    const page = await mountAt('/password-reset', PasswordResetPage)
    type(field(page, 'Nouveau mot de passe'), 'lantern-orchard-29')
    type(field(page, 'Nouveau mot de passe, encore'), 'lantern-orchard-29')
    await page.find('form').trigger('submit')
    await flushPromises()
    expect(page.find('[role=alert]').text()).toContain('plus valable')
  })
})
