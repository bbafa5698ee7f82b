import USelect from '@nuxt/ui/components/Select.vue'
import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { serve } from '@/testing/fakeServer'
import { field, mountAt } from '@/testing/harness'
import RoundingChoice from './RoundingChoice.vue'

describe('the rounding of exported marks', () => {
  it('shows what is set, another value than the usual ones too', async () => {
    const page = await mountAt('/exams/x/results', RoundingChoice, { examId: 'x', rounding: 0.2 })
    expect(field(page, 'Arrondi').textContent).toContain('0,2')
  })

  it('is saved as it is chosen', async () => {
    const asked = serve({ 'PATCH /api/exams/x/': { body: { export_rounding: 0.5 } } })
    const page = await mountAt('/exams/x/results', RoundingChoice, { examId: 'x', rounding: null })
    page.findComponent(USelect).vm.$emit('update:modelValue', '0.5')
    await flushPromises()
    expect(asked.at(-1)?.body).toEqual({ export_rounding: 0.5 })
    expect(field(page, 'Arrondi').textContent).toContain('0,5')
  })
})
