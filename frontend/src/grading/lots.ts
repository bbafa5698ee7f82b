import { ApiError } from '@/api/errors'
import { loadDeskCopy, type DeskCopy } from './deskCopy'
import { fetchFace } from './faceImages'
import { getLocks, releaseLock, takeLock } from './gradingApi'
import { openKeptStore, type KeptStore } from './keptStore'

/** A copy taken along: everything to mark it without network. */
export interface KeptCopy {
  copy: DeskCopy
  faces: Blob[]
  /** Until when nobody else can take it. */
  until: string
}

let store: Promise<KeptStore> | undefined

export const keptStore = (): Promise<KeptStore> => (store ??= openKeptStore())

export const queueKey = (user_id: number, copy_id: string) => `queue/${user_id}/${copy_id}`
const copyKey = (user_id: number, copy_id: string) => `copy/${user_id}/${copy_id}`

export async function findKeptCopy(user_id: number, copy_id: string): Promise<KeptCopy | undefined> {
  return (await keptStore()).get<KeptCopy>(copyKey(user_id, copy_id))
}

const idsUnder = async (prefix: string) => (await (await keptStore()).keys(prefix)).map(key => key.slice(prefix.length))

/** Copies that this browser can mark without network. */
export const keptCopies = (user_id: number): Promise<string[]> => idsUnder(`copy/${user_id}/`)

/** The copies that were taken along with all that is kept of them, by number. */
export async function keptLot(user_id: number): Promise<KeptCopy[]> {
  const kept = await Promise.all((await keptCopies(user_id)).map(id => findKeptCopy(user_id, id)))
  return kept
    .filter(one => one !== undefined)
    .sort((a, b) => a.copy.anonymous_id.localeCompare(b.copy.anonymous_id, undefined, { numeric: true }))
}

/** Copies with something that the server does not have yet. */
export const unsentCopies = (user_id: number): Promise<string[]> => idsUnder(`queue/${user_id}/`)

/** Takes copies along, one after the other; false for each that another is marking or that is marked already. */
export async function keepCopies(
  user_id: number,
  ids: readonly string[],
  onKept: (kept: boolean) => void,
): Promise<void> {
  for (const id of ids) onKept(await keepCopy(user_id, id))
}

async function keepCopy(user_id: number, copy_id: string): Promise<boolean> {
  try {
    const { expires_at } = await takeLock(copy_id, { offline: true })
    const copy = await loadDeskCopy(copy_id)
    const faces = await Promise.all(copy.pages.map(fetchFace))
    await (await keptStore()).update<KeptCopy>(copyKey(user_id, copy_id), () => ({ copy, faces, until: expires_at }))
    return true
  } catch (error) {
    if (error instanceof ApiError && error.status === 409) return false
    throw error
  }
}

/** The server's marks of a kept copy have changed. */
export async function refreshKept(user_id: number, copy: DeskCopy): Promise<void> {
  await (await keptStore()).update<KeptCopy>(copyKey(user_id, copy.id), kept => kept && { ...kept, copy })
}

/** Others may take the copy again; this browser keeps nothing of it. */
export async function giveBack(user_id: number, copy_id: string): Promise<void> {
  const { locks } = await getLocks(copy_id)
  if (locks.some(lock => lock.is_mine)) {
    const { token } = await takeLock(copy_id, { offline: false })
    await releaseLock(copy_id, token)
  }
  await (await keptStore()).update<KeptCopy>(copyKey(user_id, copy_id), () => undefined)
}
