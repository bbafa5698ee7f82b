import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { ApiError, NetworkError } from '@/api/errors'
import { sendOperations, type LoggedOperation } from './gradingApi'
import type { KeptStore } from './keptStore'
import type { Operation } from './operations'
import { answered, queued, taken, type Pending } from './outbox'

/** `here` and `waiting` are safe in this browser; `refused` needs a person. */
export type SendState = 'there' | 'here' | 'sending' | 'waiting' | 'refused'

export interface Sender {
  readonly queue: ShallowRef<readonly Pending[]>
  readonly state: Ref<SendState>
  /** Whether everything done so far is on this machine's disk, and so outlives the browser. */
  readonly kept: Ref<boolean>
  /** Why the server takes nothing of this copy at all. */
  readonly failure: ShallowRef<unknown>
  add(operation: Operation): void
  /** Sends what there is; resolves when everything was answered or cannot be sent now. */
  flush(): Promise<void>
  /** Another tab has changed the queue. */
  reread(): Promise<void>
  stop(): void
}

export interface SenderOptions {
  copy_id: string
  store: KeptStore
  key: string
  token: () => Promise<string | undefined>
  /** What the server said; before the operations leave the queue. */
  onResults: (results: LoggedOperation[], sent: Operation[]) => void
  /** The queue on the disk has changed, for other tabs. */
  onChanged?: () => void
}

/** Milliseconds from the last key until it is sent. */
const pause = 900
/** No longer than this, however much somebody types. */
const longestPause = 2000
const firstRetry = 2000
const longestRetry = 30_000

/** Keeps what a corrector does in this browser, and sends it in its order as soon as that goes. */
export async function openSender(options: SenderOptions): Promise<Sender> {
  const { store, key, copy_id } = options
  const queue = shallowRef<readonly Pending[]>((await store.get<Pending[]>(key)) ?? [])
  const state = ref<SendState>(queue.value.length ? 'here' : 'there')
  const kept = ref(true)
  const failure = shallowRef<unknown>()
  let writing = Promise.resolve()
  let unwritten: Operation[] = []
  let flushing: Promise<void> | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let waitsSince = 0
  let retry = firstRetry
  let scheduled = false
  let stopped = false

  const change = (act: (before: Pending[]) => Pending[]) =>
    store.update<Pending[]>(key, before => {
      const after = act(before ?? [])
      return after.length ? after : undefined
    })

  function add(operation: Operation) {
    queue.value = queued(queue.value, operation)
    unwritten.push(operation)
    kept.value = false
    if (!scheduled) writing = writing.then(write)
    scheduled = true
    if (state.value !== 'waiting' && state.value !== 'refused') state.value = 'here'
    schedule()
  }

  /** Everything since the last write in one go, so that fast typing does not queue up behind the disk. */
  async function write() {
    const operations = unwritten
    unwritten = []
    scheduled = false
    try {
      const after = await change(before => operations.reduce(queued, before))
      if (unwritten.length === 0) {
        queue.value = after ?? []
        kept.value = true
      }
      options.onChanged?.()
    } catch (error) {
      // A full disk: it stays on the page, which says so, and is tried again with the next key.
      unwritten = [...operations, ...unwritten]
      failure.value = error
      state.value = 'refused'
    }
  }

  function schedule() {
    if (stopped || state.value === 'refused') return
    waitsSince ||= Date.now()
    clearTimeout(timer)
    const wait =
      state.value === 'waiting' ? retry : Math.min(pause, Math.max(0, waitsSince + longestPause - Date.now()))
    timer = setTimeout(() => void flush(), wait)
  }

  function flush(): Promise<void> {
    flushing ??= sendAll().finally(() => (flushing = undefined))
    return flushing
  }

  async function sendAll() {
    clearTimeout(timer)
    waitsSince = 0
    while (!stopped) {
      await writing
      const batch = await nextBatch()
      if (batch.length === 0) {
        state.value = 'there'
        return
      }
      state.value = 'sending'
      try {
        const { results } = await sendOperations(copy_id, batch as never, await options.token())
        await settle(results, batch)
        retry = firstRetry
      } catch (error) {
        return meet(error)
      }
    }
  }

  async function nextBatch(): Promise<Operation[]> {
    let batch: Operation[] = []
    await change(before => {
      const next = taken(before)
      batch = next.batch
      return next.queue
    })
    return batch
  }

  async function settle(results: LoggedOperation[], sent: Operation[]) {
    await writing
    const after = await change(before => answered(before, results))
    options.onResults(results, sent)
    queue.value = unwritten.reduce(queued, after ?? [])
    options.onChanged?.()
  }

  function meet(error: unknown) {
    const passes =
      error instanceof NetworkError || (error instanceof ApiError && (error.status >= 500 || error.status === 429))
    failure.value = passes ? undefined : error
    state.value = passes ? 'waiting' : 'refused'
    if (!passes) return
    schedule()
    retry = Math.min(retry * 2, longestRetry)
  }

  async function reread() {
    await writing
    const kept = (await store.get<Pending[]>(key)) ?? []
    queue.value = unwritten.reduce(queued, kept)
    if (kept.length === 0 && state.value === 'here') state.value = 'there'
  }

  const online = () => {
    retry = firstRetry
    if (queue.value.length) void flush()
  }
  addEventListener('online', online)

  return {
    ...{ queue, state, kept, failure, add, flush, reread },
    stop() {
      stopped = true
      clearTimeout(timer)
      removeEventListener('online', online)
    },
  }
}
