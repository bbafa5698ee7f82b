const lastReload = 'korrigo.reloaded'
/** Milliseconds within which a page does not reload itself twice: a part that is nowhere must not make it go round. */
const reloadsApart = 60_000

/**
 * A part of the application that could not be loaded. After an update of the server the parts have other names, and
 * the page is loaded anew; without network it stays as it is, with all that was written on it.
 */
export async function meetMissingPart(): Promise<void> {
  const served = await fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  )
  if (!served || Date.now() - Number(sessionStorage.getItem(lastReload) ?? 0) < reloadsApart) return
  sessionStorage.setItem(lastReload, String(Date.now()))
  location.reload()
}
