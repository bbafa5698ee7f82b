import { describe, expect, it } from 'vitest'
import { serve } from '@/testing/fakeServer'
import { mountAt } from '@/testing/harness'
import EngineList from './EngineList.vue'

const hand = { name: 'korrigo-hand', used: true, state: 'READY', version: '1', trouble: '', install: '' }
const easy = {
  name: 'easyocr',
  used: false,
  state: 'NOT_INSTALLED',
  version: '',
  trouble: 'The Python package easyocr is not installed.',
  install: 'sh /usr/share/korrigo/engines/install.sh easyocr',
}
const dead = {
  ...easy,
  name: 'mine',
  used: true,
  state: 'FAILING',
  trouble: 'It ended without an answer.',
  install: '',
}

describe('the reading engines', () => {
  it('are listed with their state, and the command that adds what is missing', async () => {
    serve({ 'GET /api/settings/engines/': { body: { engines: [hand, easy, dead] } } })
    const page = await mountAt('/settings', EngineList)
    const [first, second, third] = page.findAll('li').map(item => item.text())
    expect(first).toMatch(/korrigo-hand.*1.*Prêt.*Utilisé/s)
    expect(second).toContain('Non installé')
    expect(second).not.toContain('Utilisé')
    expect(page.find('code').text()).toBe(easy.install)
    expect(third).toContain('It ended without an answer.')
  })
})
