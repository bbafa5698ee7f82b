import { afterAll, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import { language, useI18n } from '@/i18n'

const { t, te, locale } = useI18n()

describe('the text of a key', () => {
  afterAll(() => (language.value = 'fr'))

  it('names its values', () => {
    expect(t('errors.limited', { minutes: 3 })).toContain('3')
    expect(t('nothing.here')).toBe('nothing.here')
    expect([te('nothing.here'), te('errors.network')]).toEqual([false, true])
  })

  it('has the form of its count, and zero is singular in French', () => {
    expect([0, 1, 2].map(count => t('exams.students', { count }))).toEqual([
      '0 élève attendu',
      '1 élève attendu',
      '2 élèves attendus',
    ])
    expect(t('matters.chosen', { count: 0 })).toBe('Aucune copie choisie')
    expect(t('report.figures.copies', 5)).toBe('copies')
  })

  it('follows the language', async () => {
    language.value = 'en'
    await expect.poll(() => locale.value).toBe('en')
    await nextTick()
    expect([0, 1].map(count => t('report.figures.copies', { count }))).toEqual(['copies', 'copy'])
    expect(document.documentElement.lang).toBe('en')
  })
})
