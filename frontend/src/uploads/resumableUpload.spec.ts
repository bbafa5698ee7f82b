import { flushPromises } from '@vue/test-utils'
import type { PreviousUpload, UploadOptions } from 'tus-js-client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { inScope } from '@/testing/harness'
import { createUpload, type MakeUpload } from './resumableUpload'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** The other end of an upload: the test says what arrives and what fails. */
function wire(previous: Partial<PreviousUpload>[] = []) {
  const tus = {
    options: {} as UploadOptions,
    url: '/api/uploads/u-1/',
    start: vi.fn(),
    abort: vi.fn(() => Promise.resolve()),
    findPreviousUploads: () => Promise.resolve(previous as PreviousUpload[]),
    resumeFromPreviousUpload: vi.fn(),
  }
  const make: MakeUpload = (_file, options) => {
    tus.options = options
    return Promise.resolve(tus)
  }
  const file = new File(['0123456789'], 'scan.pdf')
  const { value: upload, end } = inScope(() => createUpload(file, make))
  const fail = (status?: number, body = '') =>
    tus.options.onError?.(
      Object.assign(new Error(), {
        originalRequest: null,
        originalResponse: status ? { getStatus: () => status, getBody: () => body } : null,
      }) as never,
    )
  return { tus, upload, end, fail }
}

describe('a resumable upload', () => {
  it('ends with the id that stands in for the file', async () => {
    const { tus, upload } = wire()
    await upload.start()
    tus.options.onProgress?.(4, 10)
    expect(upload.state.value).toBe('sending')
    expect(upload.percent.value).toBe(40)
    expect(upload.id.value).toBe('')
    tus.options.onSuccess?.({} as never)
    expect(upload.state.value).toBe('done')
    expect(upload.id.value).toBe('u-1')
  })

  it('goes on where an earlier page had stopped', async () => {
    const { tus, upload } = wire([{ uploadUrl: '/api/uploads/old/' }])
    await upload.start()
    expect(tus.resumeFromPreviousUpload).toHaveBeenCalledWith({ uploadUrl: '/api/uploads/old/' })
    expect(tus.start).toHaveBeenCalledOnce()
  })

  it('waits while the network is gone and goes on by itself', async () => {
    const { tus, upload, fail } = wire()
    await upload.start()
    fail()
    expect(upload.state.value).toBe('waiting')
    await vi.advanceTimersByTimeAsync(3000)
    expect(tus.start).toHaveBeenCalledTimes(2)
    expect(upload.state.value).toBe('waiting')
    tus.options.onProgress?.(5, 10)
    expect(upload.state.value).toBe('sending')
  })

  it('goes on at once when the browser says that the network is back', async () => {
    const { tus, upload, fail } = wire()
    await upload.start()
    fail()
    window.dispatchEvent(new Event('online'))
    await flushPromises()
    expect(tus.start).toHaveBeenCalledTimes(2)
  })

  it.each([409, 423, 429, 500, 503])('waits and goes on after a passing %i', async status => {
    const { upload, fail } = wire()
    await upload.start()
    fail(status)
    expect(upload.state.value).toBe('waiting')
  })

  it("stops with the server's sentence when it refuses the file", async () => {
    const { tus, upload, fail } = wire()
    await upload.start()
    fail(413, JSON.stringify({ error: 'Trop volumineux.', code: 'upload.too_large' }))
    expect(upload.state.value).toBe('failed')
    expect(upload.error.value).toMatchObject({ message: 'Trop volumineux.', code: 'upload.too_large' })
    await vi.advanceTimersByTimeAsync(60_000)
    expect(tus.start).toHaveBeenCalledOnce()
  })

  it('stays paused although the request in flight fails, until it is started again', async () => {
    const { tus, upload, fail } = wire()
    await upload.start()
    upload.pause()
    fail()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(upload.state.value).toBe('paused')
    expect(tus.abort).toHaveBeenCalledOnce()
    await upload.start()
    expect(upload.state.value).toBe('sending')
    expect(tus.start).toHaveBeenCalledTimes(2)
  })

  it('does not start what was paused while earlier uploads were looked up', async () => {
    const { tus, upload } = wire()
    const starting = upload.start()
    upload.pause()
    await starting
    expect(tus.start).not.toHaveBeenCalled()
  })

  it('removes at the server what is discarded', async () => {
    const { tus, upload } = wire()
    await upload.start()
    upload.discard()
    expect(tus.abort).toHaveBeenCalledWith(true)
    expect(upload.state.value).toBe('idle')
  })

  it('stops sending when the page is left', async () => {
    const { tus, upload, end } = wire()
    await upload.start()
    end()
    expect(tus.abort).toHaveBeenCalledOnce()
  })
})
