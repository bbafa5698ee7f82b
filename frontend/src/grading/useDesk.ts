import { onScopeDispose, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import { useSession } from '@/accounts/sessionStore'
import { CopyShelf } from './copyShelf'
import { openCopy, type OpenCopy } from './openCopy'

export interface Desk {
  current: ShallowRef<OpenCopy | undefined>
  error: ShallowRef<unknown>
  /** Loads a copy that is likely to come next. */
  prefetch: (copy_id: string) => void
  retry: () => Promise<void>
}

/** The copy of the address on the desk. Copies that were left are sent and given back behind it. */
export function useDesk(copy_id: Ref<string>): Desk {
  const user_id = useSession().me!.id
  const shelf = new CopyShelf(user_id)
  const opened = new Map<string, Promise<OpenCopy>>()
  const current = shallowRef<OpenCopy>()
  const error = shallowRef<unknown>()
  let newest = 0

  function take(id: string): Promise<OpenCopy> {
    let one = opened.get(id)
    if (!one) {
      one = openCopy(shelf, id, user_id)
      one.catch(() => opened.delete(id))
      opened.set(id, one)
    }
    return one
  }

  async function open() {
    const mine = ++newest
    const before = current.value
    try {
      const one = await take(copy_id.value)
      if (mine !== newest) return
      error.value = undefined
      current.value = one
    } catch (caught) {
      if (mine !== newest) return
      error.value = caught
      current.value = undefined
    }
    if (before && before !== current.value) {
      opened.delete(before.id)
      void before.close()
    }
  }

  watch(copy_id, open, { immediate: true })
  onScopeDispose(() => {
    newest = -1
    for (const one of opened.values()) void one.then(left => left.close()).catch(() => {})
    shelf.clear()
  })

  return { current, error, prefetch: id => void shelf.take(id).catch(() => {}), retry: open }
}
