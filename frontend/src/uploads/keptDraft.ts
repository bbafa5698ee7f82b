/** What a form with files holds, kept in this browser so that a reload or a crash loses nothing. */
export interface KeptDraft {
  fields: Record<string, string>
  files: Record<string, File[]>
}

const databaseName = 'korrigo'
const storeName = 'drafts'

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(databaseName, 1)
    request.onupgradeneeded = () => request.result.createObjectStore(storeName)
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error)
  })
}

async function inStore<T>(mode: IDBTransactionMode, act: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open()
  try {
    return await new Promise((resolve, reject) => {
      const request = act(database.transaction(storeName, mode).objectStore(storeName))
      request.onsuccess = () => resolve(request.result)
      request.onerror = () => reject(request.error)
    })
  } finally {
    database.close()
  }
}

/** A browser without room or in private mode keeps nothing; then there is simply nothing to come back to. */
export async function keepDraft(name: string, draft: KeptDraft): Promise<void> {
  await inStore('readwrite', store => store.put(draft, name)).catch(() => {})
}

export async function findDraft(name: string): Promise<KeptDraft | undefined> {
  return inStore<KeptDraft | undefined>('readonly', store => store.get(name)).catch(() => undefined)
}

export async function dropDraft(name: string): Promise<void> {
  await inStore('readwrite', store => store.delete(name)).catch(() => {})
}
