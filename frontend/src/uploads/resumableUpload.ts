import { tryOnScopeDispose, useEventListener } from '@vueuse/core'
import { computed, ref, shallowRef, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import type { DetailedError, Upload, UploadOptions } from 'tus-js-client'
import { ApiError } from '@/api/errors'
import { unsafeHeaders } from '@/api/http'

/** `waiting`: the network is gone, and sending goes on by itself once it is back. */
export type UploadState = 'idle' | 'sending' | 'paused' | 'waiting' | 'done' | 'failed'

export interface ResumableUpload {
  file: File
  state: Ref<UploadState>
  /** Bytes the server has. */
  sent: Ref<number>
  percent: ComputedRef<number>
  /** Stands in for the file in any later request; empty until done. */
  id: ComputedRef<string>
  error: ShallowRef<unknown>
  /** Starts, or goes on from the last byte the server has: after a pause, a lost network, or a reload of the page. */
  start: () => Promise<void>
  pause: () => void
  /** Stops for good and removes what the server has of it. */
  discard: () => void
}

/** What is asked of tus; replaced in tests. */
export type MakeUpload = (file: File, options: UploadOptions) => Promise<Pick<Upload, TusVerbs>>
type TusVerbs = 'start' | 'abort' | 'findPreviousUploads' | 'resumeFromPreviousUpload' | 'url'

const chunkSize = 8 * 1024 * 1024
/** Milliseconds between tries while the network is gone. */
const retryInterval = 3000

const makeTusUpload: MakeUpload = async (file, options) => {
  const { Upload } = await import('tus-js-client')
  return new Upload(file, options)
}

/** One file on its way to the server in pieces. */
export function createUpload(file: File, make: MakeUpload = makeTusUpload): ResumableUpload {
  const state = ref<UploadState>('idle')
  const sent = ref(0)
  const url = ref('')
  const error = shallowRef<unknown>()
  let upload: Pick<Upload, TusVerbs> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  const options: UploadOptions = {
    endpoint: '/api/uploads/',
    chunkSize,
    retryDelays: null,
    metadata: { filename: file.name },
    // The finished upload is found again when the page is reloaded before the exam was made of it.
    removeFingerprintOnSuccess: false,
    onBeforeRequest: async request => {
      for (const [name, value] of Object.entries(await unsafeHeaders())) request.setHeader(name, value)
    },
    onProgress: bytes => {
      sent.value = bytes
      if (state.value === 'waiting') state.value = 'sending'
    },
    onSuccess: () => {
      sent.value = file.size
      url.value = upload?.url ?? ''
      state.value = 'done'
    },
    onError: caught => {
      if (state.value === 'sending' || state.value === 'waiting') stumble(caught as DetailedError)
    },
  }

  function stumble(caught: DetailedError) {
    const status = caught.originalResponse?.getStatus() ?? 0
    const passing = status === 0 || status === 409 || status === 423 || status === 429 || status >= 500
    if (!passing) {
      error.value = new ApiError(status, parse(caught.originalResponse?.getBody()))
      state.value = 'failed'
      return
    }
    state.value = 'waiting'
    timer = setTimeout(() => void start(), retryInterval)
  }

  async function start() {
    if (state.value === 'sending' || state.value === 'done') return
    clearTimeout(timer)
    if (state.value !== 'waiting') state.value = 'sending'
    error.value = undefined
    if (!upload) {
      upload = await make(file, options)
      const [previous] = await upload.findPreviousUploads()
      if (previous) upload.resumeFromPreviousUpload(previous)
    }
    // Paused or discarded while that was looked up.
    if (state.value === 'sending' || state.value === 'waiting') upload.start()
  }

  function pause() {
    if (state.value !== 'sending' && state.value !== 'waiting') return
    clearTimeout(timer)
    state.value = 'paused'
    void upload?.abort()
  }

  function discard() {
    clearTimeout(timer)
    state.value = 'idle'
    void upload?.abort(true).catch(() => {})
    upload = undefined
  }

  useEventListener(window, 'online', () => state.value === 'waiting' && void start())
  tryOnScopeDispose(pause)

  const percent = computed(() => (file.size === 0 ? 0 : (100 * sent.value) / file.size))
  const id = computed(() => (state.value === 'done' ? (url.value.split('/').filter(Boolean).at(-1) ?? '') : ''))
  return { file, state, sent, percent, id, error, start, pause, discard }
}

function parse(text?: string): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    return undefined
  }
}
