import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { listOf, serve } from '@/testing/fakeServer'
import { field, mountAt, type } from '@/testing/harness'
import type { Webhook } from './accountsApi'
import WebhookList from './WebhookList.vue'

const webhook: Webhook = {
  id: '0198f3c2-7c1e-7d6a-9a53-4a1be07a8a11',
  url: 'https://hooks.example.org/',
  events: ['ALL_GRADED'],
  created_at: '2026-02-03T10:00:00.000Z',
  last_tried_at: '2026-02-03T11:00:00.000Z',
  last_error: 'webhook.refused',
}

describe('the webhooks', () => {
  it('show what became of the last message', async () => {
    serve({ 'GET /api/webhooks/': listOf([webhook]) })
    const page = await mountAt('/settings', WebhookList)
    expect(page.text()).toContain('https://hooks.example.org/')
    expect(page.text()).toContain('Un examen est corrigé')
    expect(page.text()).toContain('webhook.refused')
  })

  it('are made with events, and their secret is shown once', async () => {
    const made = { ...webhook, secret: 'whs_1234' }
    const asked = serve({ 'GET /api/webhooks/': listOf([]), 'POST /api/webhooks/': { status: 201, body: made } })
    const page = await mountAt('/settings', WebhookList)
    type(field(page, 'Adresse du destinataire'), 'https://hooks.example.org/')
    await page.find('[role=checkbox]').trigger('click')
    await page.find('form').trigger('submit')
    await flushPromises()
    const body = { url: 'https://hooks.example.org/', events: ['READY_FOR_IDENTIFICATION'] }
    expect(asked.find(one => one.method === 'POST')?.body).toEqual(body)
    expect(document.body.textContent).toContain('whs_1234')
  })
})
