import { flushPromises } from '@vue/test-utils'
import { describe, expect, it } from 'vitest'
import { inScope } from '@/testing/harness'
import { useAsync } from './useAsync'

function controlled() {
  const runs: { resolve: (value: string) => void; reject: (error: Error) => void }[] = []
  const load = () => new Promise<string>((resolve, reject) => runs.push({ resolve, reject }))
  return { runs, load }
}

describe('what a page loads', () => {
  it('keeps the newest answer when an older one arrives after it', async () => {
    const { runs, load } = controlled()
    const { value } = inScope(() => useAsync(load))
    void value.run()
    runs[1]!.resolve('new')
    await flushPromises()
    runs[0]!.resolve('old')
    await flushPromises()
    expect(value.data.value).toBe('new')
    expect(value.loading.value).toBe(false)
  })

  it('keeps what was there when a later run fails, and tells the error', async () => {
    const { runs, load } = controlled()
    const { value } = inScope(() => useAsync(load))
    runs[0]!.resolve('first')
    await flushPromises()
    void value.run()
    runs[1]!.reject(new Error('gone'))
    await flushPromises()
    expect(value.data.value).toBe('first')
    expect(value.error.value).toEqual(new Error('gone'))
  })

  it('forgets answers that come after the page has been left', async () => {
    const { runs, load } = controlled()
    const { value, end } = inScope(() => useAsync(load))
    end()
    runs[0]!.resolve('late')
    await flushPromises()
    expect(value.data.value).toBeUndefined()
  })
})
