import { computed, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import type { CopyShelf } from './copyShelf'
import { loadMarks, type DeskCopy } from './deskCopy'
import type { FaceImages } from './faceImages'
import { settleConflict, type LoggedOperation } from './gradingApi'
import { keepLockOf, type LockKeeper } from './lockKeeper'
import { findKeptCopy, keptStore, queueKey, refreshKept } from './lots'
import { noMarks, type Marks } from './marks'
import { applied, operationOf, type Intent, type Operation } from './operations'
import { folded } from './outbox'
import { allowed, covers, mayChange } from './scope'
import { openSender, type Sender } from './sender'
import { noSteps, noted, stepAgain, stepBack } from './undo'

/** What the tabs of one browser tell each other about a copy. */
type Message =
  | { kind: 'queue'; copy_id: string }
  | { kind: 'results'; copy_id: string; done: Operation[] }
  | { kind: 'stale'; copy_id: string }
  | { kind: 'lock'; copy_id: string; token: string | undefined; until: number }

/** A copy on the desk: what stands in it, what was done to it here, and the way to the server. */
export interface OpenCopy {
  readonly id: string
  readonly copy: ShallowRef<DeskCopy>
  readonly faces: FaceImages
  /** The server's marks with everything on them that was done here. */
  readonly marks: ComputedRef<Marks>
  readonly sender: Sender
  readonly lock: LockKeeper
  readonly readonly: ComputedRef<boolean>
  /** Whether a question is one's own to mark; null for the copy as a whole. */
  covers(question_id: string | null): boolean
  /** Whether an annotation may be moved, written and removed. */
  mayChange(annotation_id: string): boolean
  readonly canUndo: ComputedRef<boolean>
  readonly canRedo: ComputedRef<boolean>
  /** What the server could never write; shown until it has been read. */
  readonly refused: ShallowRef<LoggedOperation[]>
  act(intent: Intent, group?: string): void
  undo(): Intent | undefined
  redo(): Intent | undefined
  refresh(): Promise<void>
  settle(conflict: LoggedOperation, apply: boolean): Promise<void>
  /** Sends the rest and gives the copy back; false while something waits for the network. */
  close(): Promise<boolean>
}

export async function openCopy(shelf: CopyShelf, copy_id: string, user_id: number): Promise<OpenCopy> {
  const [shelved, store, kept] = await Promise.all([shelf.take(copy_id), keptStore(), findKeptCopy(user_id, copy_id)])
  const copy = shallowRef(shelved.copy)
  const steps = shallowRef(noSteps)
  const refused = shallowRef<LoggedOperation[]>([])
  const channel = new BroadcastChannel('korrigo.grading')
  const tell = (message: Message) => channel.postMessage(message)

  const lock = keepLockOf({
    ...{ copy_id, offline: kept !== undefined },
    onTold: (token, until) => tell({ kind: 'lock', copy_id, token, until }),
  })
  const sender = await openSender({
    ...{ copy_id, store, key: queueKey(user_id, copy_id), token: lock.token, onResults },
    onChanged: () => tell({ kind: 'queue', copy_id }),
  })
  const marks = computed(() => folded(copy.value.marks ?? noMarks, sender.queue.value))
  const readonly = computed(
    () => lock.state.value === 'taken' || lock.state.value === 'over' || copy.value.status === 'GRADED',
  )

  function put(next: DeskCopy) {
    copy.value = next
    void shelf.put(next)
    if (kept) void refreshKept(user_id, next)
  }

  function onResults(results: LoggedOperation[], sent: Operation[]) {
    const byId = new Map(sent.map(operation => [operation.id, operation]))
    const done = results.filter(one => one.outcome === 'APPLIED').map(one => byId.get(one.id)!)
    put({ ...copy.value, marks: done.reduce(applied, copy.value.marks) })
    tell({ kind: 'results', copy_id, done })
    refused.value = [...refused.value, ...results.filter(one => one.outcome === 'REFUSED')]
    if (results.some(one => one.reason === 'lock.taken')) void lock.take()
    // What had been written before, or was not written, says nothing about what stands there now.
    if (results.some(one => one.replayed || one.outcome !== 'APPLIED')) {
      void refresh()
      tell({ kind: 'stale', copy_id })
    }
  }

  async function refresh() {
    const loaded = await loadMarks(copy_id).catch(() => undefined)
    if (loaded) put({ ...copy.value, ...loaded })
  }

  function act(intent: Intent, group?: string) {
    if (readonly.value || !allowed(copy.value, intent, user_id)) return
    steps.value = noted(steps.value, intent, marks.value, group)
    sender.add(operationOf(intent, marks.value))
  }

  function step(next: ReturnType<typeof stepBack>): Intent | undefined {
    if (readonly.value || !next.intent) return undefined
    steps.value = next.steps
    sender.add(operationOf(next.intent, marks.value))
    return next.intent
  }

  async function settle(conflict: LoggedOperation, apply: boolean) {
    await lock.use(token => settleConflict(copy_id, conflict.id, apply, token))
    await refresh()
    tell({ kind: 'stale', copy_id })
  }

  /** A tab that is closed keeps nobody waiting, unless something of it is still to be sent. */
  const leave = () => {
    if (!kept && sender.queue.value.length === 0) void lock.release()
  }
  addEventListener('pagehide', leave)

  async function close(): Promise<boolean> {
    await sender.flush()
    if (sender.queue.value.length) return false
    removeEventListener('pagehide', leave)
    sender.stop()
    lock.stop()
    // Other tabs are told that it is free, so the channel goes last.
    if (!kept) await lock.release()
    channel.close()
    return true
  }

  channel.onmessage = ({ data }: MessageEvent<Message>) => {
    if (data.copy_id !== copy_id) return
    if (data.kind === 'lock') lock.told(data.token, data.until)
    if (data.kind === 'queue') void sender.reread()
    if (data.kind === 'stale') void refresh()
    if (data.kind === 'results') copy.value = { ...copy.value, marks: data.done.reduce(applied, copy.value.marks) }
  }

  if (copy.value.status !== 'GRADED') void lock.take()
  if (sender.queue.value.length) void sender.flush()
  if (!shelved.fresh) void refresh()
  shelved.fresh = false

  return {
    ...{ id: copy_id, copy, faces: shelved.faces, marks, sender, lock, readonly, refused },
    canUndo: computed(() => steps.value.done.length > 0),
    canRedo: computed(() => steps.value.undone.length > 0),
    undo: () => step(stepBack(steps.value)),
    redo: () => step(stepAgain(steps.value)),
    covers: question_id => !readonly.value && covers(copy.value, question_id),
    mayChange: id => !readonly.value && mayChange(copy.value, id, user_id),
    ...{ act, refresh, settle, close },
  }
}
