import { keepLockOf } from './lockKeeper'
import { keptStore, queueKey, unsentCopies } from './lots'
import { openSender } from './sender'

/** Sends what earlier pages could not send any more: the browser was closed, the network was gone. */
export async function sendLeftovers(user_id: number, except?: string): Promise<void> {
  const store = await keptStore()
  for (const copy_id of await unsentCopies(user_id)) {
    if (copy_id === except) continue
    const lock = keepLockOf({ copy_id, offline: false, onTold: () => {} })
    const sender = await openSender({
      ...{ copy_id, store, key: queueKey(user_id, copy_id) },
      ...{ token: lock.token, onResults: () => {} },
    })
    await sender.flush()
    sender.stop()
    lock.stop()
    await lock.release()
  }
}
