import type { Page } from 'playwright-core'
import { faults, need } from './marking_steps.ts'

/** Walking with Tab, as whoever has no pointer does. Nothing here clicks. */

interface Stop {
  name: string
  /** Whether a ring shows that the keys are here. */
  seen: boolean
  where: string
}

/** What has the focus, called as a screen reader would call it. */
export const focused = (page: Page): Promise<Stop> =>
  page.evaluate(() => {
    const element = document.activeElement as HTMLInputElement
    const text = (one: Element | null | undefined) => (one as HTMLElement | undefined)?.innerText ?? ''
    const named = (element.getAttribute('aria-labelledby') ?? '').split(' ').filter(Boolean)
    const names = [
      element.getAttribute('aria-label'),
      named.map(id => text(document.getElementById(id))).join(' '),
      [...(element.labels ?? [])].map(text).join(' '),
      [element.querySelector('img')?.alt, element.innerText].filter(Boolean).join(' '),
      element.placeholder,
    ]
    const style = getComputedStyle(element)
    const ring = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
    return {
      name: element.matches('body, main, [role=dialog], [role=menu]')
        ? ''
        : (names.find(one => one?.trim()) ?? '').trim().replace(/\s+/g, ' '),
      seen: ring || element.tabIndex < 0,
      where: element.tagName.toLowerCase() + (element.getAttribute('role') ?? ''),
    }
  })

const matches = (name: string, wanted: string | RegExp) =>
  typeof wanted === 'string' ? name === wanted : wanted.test(name)

/** Tab until what is called so has the focus; every stop on the way has to be seen. */
export async function reach(page: Page, wanted: string | RegExp, most = 120): Promise<void> {
  const passed: string[] = []
  for (let press = 0; press <= most; press += 1) {
    const stop = await focused(page)
    if (!stop.seen) faults.push(`${new URL(page.url()).pathname}: no ring on ${stop.where} "${stop.name}"`)
    if (matches(stop.name, wanted)) return
    passed.push(stop.name.slice(0, 24))
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never came to ${wanted}; it passed ${[...new Set(passed)].join(' > ')}`)
}

/** Tab to it, and press it. */
export async function press(page: Page, wanted: string | RegExp, key = 'Enter'): Promise<void> {
  await reach(page, wanted)
  await page.keyboard.press(key)
}

/** Tab to a field, and write in it. */
export async function write(page: Page, label: string | RegExp, text: string): Promise<void> {
  await reach(page, label)
  await page.keyboard.press('Control+a')
  await page.keyboard.type(text)
}

/** In an open menu: down to the entry of this name, and take it. */
export async function choose(page: Page, entry: string): Promise<void> {
  await page.getByRole('menu').waitFor()
  for (let steps = 0; steps < 20; steps += 1) {
    if ((await focused(page)).name === entry) return page.keyboard.press('Enter')
    await page.keyboard.press('ArrowDown')
  }
  throw new Error(`no entry ${entry}`)
}

/** In an open dialog: to its button, and press it. */
export async function answer(page: Page, name: string): Promise<void> {
  await page.getByRole('dialog').getByRole('button', { name, exact: true }).waitFor()
  await press(page, name)
}

/** A file that the keys in `act` bring. */
export async function downloaded(page: Page, act: () => Promise<void>): Promise<void> {
  const [file] = await Promise.all([page.waitForEvent('download', { timeout: 120_000 }), act()])
  need((await file.failure()) === null, 'the file did not come')
}
