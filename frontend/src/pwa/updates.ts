import { shallowRef, type ShallowRef } from 'vue'

const waiting = shallowRef<ServiceWorker>()
/** Milliseconds between two looks for a new version while a page stays open. */
const lookEvery = 30 * 60_000

/** A version of the application that is loaded and waits to take over. */
export const useNewVersion = (): { waiting: ShallowRef<ServiceWorker | undefined>; takeOver: () => void } => ({
  waiting,
  takeOver: () => waiting.value?.postMessage('take_over'),
})

/** Keeps the application's files for work without network, and tells when there are newer ones. */
export async function keepUpToDate(): Promise<void> {
  const workers = navigator.serviceWorker as ServiceWorkerContainer | undefined
  if (!workers) return
  try {
    const registration = await workers.register('/sw.js')
    tell(registration)
    registration.addEventListener('updatefound', () => {
      registration.installing?.addEventListener('statechange', () => tell(registration))
    })
    setInterval(() => void registration.update().catch(() => {}), lookEvery)
  } catch {
    // Without a secure address a browser keeps nothing; all else works as before.
    return
  }
  // Only where a version was there before: the first one takes nothing over.
  let known = workers.controller
  workers.addEventListener('controllerchange', () => {
    if (known) location.reload()
    known = workers.controller
  })
}

function tell({ waiting: next }: ServiceWorkerRegistration) {
  if (next && navigator.serviceWorker.controller) waiting.value = next
}
