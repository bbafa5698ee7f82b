import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { desk, launch, openPage, settle } from './browser.ts'
import { admin } from './settings.ts'
import { loginAs } from './pages.ts'

/** What a browser fetches before the first page stands, gzipped, in bytes; pictures of copies and answers of the API not counted. */
const allowed = 300 * 1024
/** Milliseconds until something stands on the log-in page of a fresh profile; the quickest of three, for other programs run too. */
const paintWithin = 1000

async function firstPaint(browser: Browser): Promise<number> {
  const page = await openPage(browser, desk, [])
  await page.goto('/login/staff')
  await settle(page)
  const paint = await page.evaluate(
    () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity,
  )
  await page.context().close()
  return paint
}

const browser = await launch()
try {
  const page = await openPage(browser, desk, [])
  const fetched = new Map<string, Promise<number>>()
  page.on('response', response => {
    const { pathname } = new URL(response.url())
    if (pathname.startsWith('/api/') || response.status() !== 200 || fetched.has(pathname)) return
    // A font is compressed as it is.
    const size = (body: Buffer) => (pathname.endsWith('.woff2') ? body.length : gzipSync(body).length)
    fetched.set(pathname, response.body().then(size))
  })
  const sum = async () => (await Promise.all(fetched.values())).reduce((total, bytes) => total + bytes, 0)

  await page.goto('/login/staff')
  await settle(page)
  const first = await sum()
  console.log(
    `log-in page: ${(first / 1024).toFixed(0)} KiB gzipped in ${fetched.size} files (at most ${allowed / 1024})`,
  )
  const paint = Math.min(await firstPaint(browser), await firstPaint(browser), await firstPaint(browser))
  console.log(`first paint after ${paint.toFixed(0)} ms (${paintWithin} on a machine that does nothing else)`)
  await loginAs(page, admin())
  console.log(`with the list of exams: ${((await sum()) / 1024).toFixed(0)} KiB in ${fetched.size} files`)
  process.exitCode = first > allowed ? 1 : 0
} finally {
  await browser.close()
}
