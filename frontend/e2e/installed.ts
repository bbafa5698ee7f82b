import type { BrowserContext, Page } from 'playwright-core'
import { axeFaults, desk, launch, openPage, settle } from './browser.ts'
import { ask, button, faults, need, step } from './marking_steps.ts'
import { loginAs } from './pages.ts'
import { admin } from './settings.ts'

/** The application as it is installed: its own files without network, nothing of the API kept, a newer version announced. */
interface Manifest {
  start_url: string
  display: string
  icons: { src: string; sizes: string; purpose: string }[]
}

const controlled = (page: Page) =>
  page.waitForFunction(() => navigator.serviceWorker.controller !== null, undefined, { timeout: 60_000 })

async function manifest(page: Page): Promise<void> {
  await step('a manifest with icons of our own, so that it can be installed', async () => {
    await page.goto('/login')
    const path = await page.locator('link[rel=manifest]').getAttribute('href')
    const told = (await ask(page, 'GET', path!)).json as unknown as Manifest
    need(told.display === 'standalone' && told.start_url === '/', 'it is no application of its own')
    const purposes = told.icons.map(icon => `${icon.sizes} ${icon.purpose}`)
    for (const wanted of ['192x192 any', '512x512 any', '512x512 maskable']) {
      need(purposes.includes(wanted), `no icon ${wanted}`)
    }
    for (const { src, sizes } of told.icons) {
      const wide = await page.evaluate(async url => {
        const image = new Image()
        image.src = url
        await image.decode()
        return image.naturalWidth
      }, src)
      need(sizes === 'any' || `${wide}x${wide}` === sizes, `${src} is ${wide} wide`)
    }
  })
}

async function kept(context: BrowserContext, page: Page): Promise<void> {
  await step('the pages are kept, answers of the API never', async () => {
    await controlled(page)
    await loginAs(page, admin())
    for (const path of ['/exams', '/students', '/tasks']) {
      await page.goto(path)
      await settle(page)
    }
    const held = await page.evaluate(async () => {
      const requests = await Promise.all(
        (await caches.keys()).map(async name => (await (await caches.open(name)).keys()).map(one => one.url)),
      )
      return requests.flat().map(url => new URL(url).pathname)
    })
    need(held.includes('/index.html') && held.some(path => /DeskPage.*\.js$/.test(path)), 'the pages are not kept')
    const foreign = held.filter(
      path => !/^\/(assets|icons)\/|^\/(index\.html|favicon\.svg|manifest\.webmanifest)$/.test(path),
    )
    need(foreign.length === 0, `${foreign.join()} is kept`)
  })
  await step(
    'without network a reload shows the application, which says that the server cannot be reached',
    async () => {
      await context.setOffline(true)
      await page.reload()
      await page.getByText('hors ligne').or(page.getByText('injoignable')).first().waitFor()
      need((await page.locator('table, [data-desk]').count()) === 0, 'something that needs a log-in is shown')
      await context.setOffline(false)
      await page.reload()
      await settle(page)
    },
  )
}

async function newer(page: Page): Promise<void> {
  await step('a new version is announced, and loaded once that is wanted', async () => {
    await controlled(page)
    // The page has to listen, which it does once it has rested (main.ts): before, it would take the next line back.
    await page.waitForTimeout(6000)
    // The same file under another name is another version to the browser.
    await page.evaluate(() => navigator.serviceWorker.register('/sw.js?newer'))
    const banner = page.locator('[data-update]')
    await banner.waitFor({ timeout: 60_000 })
    for (const fault of await axeFaults(page)) faults.push(`a new version: ${fault}`)
    const loaded = page.waitForEvent('load')
    await button(page, 'Charger la nouvelle version').click()
    await loaded
    await settle(page)
    need((await banner.count()) === 0, 'it is still announced')
    const script = await page.evaluate(() => navigator.serviceWorker.controller?.scriptURL)
    need(script?.endsWith('?newer'), `${script} is at work`)
  })
}

const browser = await launch()
try {
  const page = await openPage(browser, desk, [])
  const context = page.context()
  await manifest(page)
  await kept(context, page)
  await newer(page)
} finally {
  await browser.close()
}

for (const fault of faults) console.error(`FAULT ${fault}`)
process.exitCode = faults.length > 0 ? 1 : 0
