import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename } from 'node:path'
import { chromium as engine, type Browser, type Page } from 'playwright-core'
import { chromium, server } from './settings.ts'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

export function launch(): Promise<Browser> {
  // Chromium refuses its own sandbox to root.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  return engine.launch({ executablePath: chromium, args })
}

export interface View {
  width: number
  height: number
  theme: 'light' | 'dark' | 'low-glare'
  locale: 'fr' | 'en'
}

export const desk: View = { width: 1280, height: 800, theme: 'light', locale: 'fr' }

/** A page of a fresh browser profile. What it complains about is added to `complaints`. */
export async function openPage(browser: Browser, view: View, complaints: string[]): Promise<Page> {
  const { width, height, theme, locale } = view
  const colorScheme = theme === 'dark' ? 'dark' : 'light'
  // axe is put into the page as a script, which the server's policy rightly refuses; the walks run with the policy on.
  const context = await browser.newContext({ baseURL: server, viewport: { width, height }, colorScheme, locale })
  // The device's own preference knows two themes only; the third one is chosen.
  if (theme === 'low-glare') await context.addInitScript(() => localStorage.setItem('korrigo.theme', 'low-glare'))
  const page = await context.newPage()
  page.on('pageerror', error => complaints.push(`${page.url()}: ${error.message}`))
  page.on('console', message => {
    // A 401 of /api/me/ is how the page learns that nobody is logged in.
    if (message.type() === 'error' && !message.location().url.endsWith('/api/me/')) {
      complaints.push(`${page.url()}: ${message.text()}`)
    }
  })
  return page
}

/** Waits until nothing on the page is still loading. */
export async function settle(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle')
  await page.locator('[role=status][aria-label]').waitFor({ state: 'detached' })
}

/** What axe finds against WCAG 2.2 A and AA on the page as it stands: one line for each rule, with the first place. */
export async function axeFaults(page: Page): Promise<string[]> {
  // Evaluated through the debugger, which the page's policy does not govern.
  await page.evaluate(axe)
  return page.evaluate(async () => {
    interface Violation {
      id: string
      nodes: { target: string[] }[]
    }
    const { axe } = window as unknown as { axe: { run: (options: object) => Promise<{ violations: Violation[] }> } }
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']
    const { violations } = await axe.run({ runOnly: { type: 'tag', values: tags } })
    return violations.map(({ id, nodes }) => `${id} at ${nodes[0]?.target.join(' ')} (${nodes.length} places)`)
  })
}

/** Files on this machine dropped together on a place of the page, as from a file manager. */
export async function dropFiles(page: Page, selector: string, paths: string[]): Promise<void> {
  // A file input is the only way to hand large files to the page without copying them through the debugger.
  await page.evaluate(() => {
    const input = document.createElement('input')
    input.type = 'file'
    input.multiple = true
    input.id = 'dropped'
    document.body.append(input)
  })
  await page.setInputFiles('#dropped', paths)
  await page.evaluate(target => {
    const input = document.querySelector<HTMLInputElement>('#dropped')!
    const dataTransfer = new DataTransfer()
    for (const file of input.files!) dataTransfer.items.add(file)
    const place = document.querySelector(target)!
    for (const name of ['dragenter', 'dragover', 'drop']) {
      place.dispatchEvent(new DragEvent(name, { dataTransfer, bubbles: true, cancelable: true }))
    }
    input.remove()
  }, selector)
  for (const path of paths) await page.getByText(basename(path), { exact: true }).first().waitFor()
}
