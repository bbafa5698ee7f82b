import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import fr from '../src/i18n/fr.json' with { type: 'json' }
import { axeFaults, dropFiles, launch, openPage, settle, type View } from './browser.ts'
import { adminStops, loginAs, loginAsStudent, publicStops, removeExam, studentStops, teacherStops } from './pages.ts'
import type { Stop } from './pages.ts'
import { contactSheet, type Picture } from './contact_sheet.ts'
import { textFaults } from './text_faults.ts'
import { admin, demo, student, teacher } from './settings.ts'

/**
 * Every page as wide as a desk, a tablet and a phone, in each theme and language: looked at by axe, for anything wider than
 * the screen, for text that is cut off and for words that are missing. A contact sheet shows them beside one another.
 */
const folder = process.env.KORRIGO_SHOTS ?? join(import.meta.dirname, '../../build/shots/web')
const heights: Record<number, number> = { 1280: 800, 768: 1024, 390: 844 }
const widths = [1280, 768, 390]
const view = (locale: View['locale'], theme: View['theme'], width: number): View => ({
  ...{ width, height: heights[width]!, theme, locale },
})
const every = (locale: View['locale'], themes: View['theme'][]) =>
  themes.flatMap(theme => widths.map(width => view(locale, theme, width)))
/** Every width, theme and language once at least; all of them together if all is asked for. */
const views = process.env.KORRIGO_FULL
  ? (['fr', 'en'] as const).flatMap(locale => every(locale, ['light', 'dark', 'low-glare']))
  : [
      view('fr', 'light', 1280),
      view('fr', 'dark', 1280),
      view('fr', 'low-glare', 768),
      view('fr', 'light', 390),
      view('en', 'light', 768),
      view('en', 'dark', 390),
    ]
/** Pages that are put on paper. */
const printed = ['report', 'marking', 'exam-results', 'statistics']
/** Milliseconds a batch may take on a slow machine. */
const patience = 15 * 60_000

const faults = new Set<string>()
const pictures: Picture[] = []
const complaints: string[] = []

async function shoot(page: Page, view: View, name: string): Promise<void> {
  const picture = `${name}-${view.locale}-${view.theme}-${view.width}`
  await settle(page)
  await page.waitForTimeout(300)
  await page.screenshot({ path: join(folder, `${picture}.png`) })
  const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  if (tooWide > 0) faults.add(`${picture}: ${tooWide} px wider than the screen`)
  for (const fault of await page.evaluate(textFaults, Object.keys(fr))) faults.add(`${picture}: ${fault}`)
  for (const fault of await axeFaults(page)) faults.add(`${picture}: ${fault}`)
  pictures.push({ name, picture, view })
}

/** A report as a PDF and as a picture of it: nothing that is pressed or leads elsewhere, black on white. */
async function print(page: Page, view: View, name: string): Promise<void> {
  const paper = `${name}-${view.locale}-${view.theme}-paper`
  await page.emulateMedia({ media: 'print' })
  await page.setViewportSize({ width: 720, height: 1020 })
  const found = await page.evaluate(() => {
    const shown = [
      ...document.querySelectorAll<HTMLElement>(
        'nav, header.sticky, a[href="#content"], main a[data-slot=base], main button[data-slot=base]',
      ),
    ]
    const pressed = shown.filter(one => one.getClientRects().length > 0).map(one => one.innerText)
    const dark = getComputedStyle(document.documentElement).backgroundColor !== 'rgb(255, 255, 255)'
    const wide = document.documentElement.scrollWidth > innerWidth
    return [
      ...pressed.map(text => `"${text}" is printed`),
      ...(dark ? ['not on white'] : []),
      ...(wide ? ['too wide'] : []),
    ]
  })
  for (const fault of found) faults.add(`${paper}: ${fault}`)
  await page.screenshot({ path: join(folder, `${paper}.png`), fullPage: true })
  await page.pdf({ path: join(folder, `${paper}.pdf`), format: 'A4', preferCSSPageSize: true })
  pictures.push({ name, picture: paper, view })
  await page.emulateMedia({ media: 'screen' })
  await page.setViewportSize(view)
}

async function look(browser: Browser, view: View): Promise<void> {
  const page = await openPage(browser, view, complaints)
  const shootAll = async (stops: Stop[]) => {
    for (const stop of stops) {
      await stop.go(page)
      await shoot(page, view, stop.name)
      if (printed.includes(stop.name) && view.width === 1280) await print(page, view, stop.name)
    }
  }

  await shootAll(publicStops)
  await loginAs(page, admin())
  await shootAll(await adminStops(page))
  const corrector = teacher()
  if (corrector) {
    await page.context().clearCookies()
    await loginAs(page, corrector)
    await shootAll(await teacherStops(page))
  }
  const pupil = student()
  if (pupil) {
    await page.context().clearCookies()
    await loginAsStudent(page, pupil)
    await shootAll(await studentStops(page))
  }
  await page.context().close()
}

/** An upload on its way, in each view while it lasts: the filled form and the live view. The exam is removed at the end. */
async function lookAtUpload(browser: Browser, seen: View[]): Promise<void> {
  const { pdf, roster } = demo()
  const page = await openPage(browser, seen[0]!, complaints)
  const shootIn = async (view: View, name: string) => {
    await page.setViewportSize(view)
    await page.emulateMedia({ colorScheme: view.theme === 'dark' ? 'dark' : 'light' })
    await shoot(page, view, name)
  }

  await loginAs(page, admin())
  await page.goto('/exams/new')
  await page.locator('[data-drop]').waitFor()
  await dropFiles(page, '[data-drop]', [pdf, roster])
  for (const view of seen) await shootIn(view, 'exam-new-filled')
  await page.locator('main button[type=submit]').click()
  await page.waitForURL(/\/exams\/[\w-]{36}/, { timeout: patience })
  const exam = new URL(page.url()).pathname.split('/')[2]!
  for (const view of seen) await shootIn(view, 'exam-processing')
  await page.waitForURL(url => url.pathname === `/exams/${exam}`, { timeout: patience })
  await page.getByRole('region', { name: 'Copies' }).waitFor({ timeout: patience })
  await removeExam(page, exam)
  await page.context().close()
}

mkdirSync(folder, { recursive: true })
const browser = await launch()
try {
  for (const view of views) await look(browser, view)
  await lookAtUpload(
    browser,
    views.filter(one => one.locale === 'fr' && one.theme !== 'low-glare'),
  )
} finally {
  await browser.close()
}

writeFileSync(join(folder, 'index.html'), contactSheet(pictures))
console.log(`${pictures.length} pictures in ${folder}, beside one another in index.html`)
for (const fault of [...faults, ...complaints]) console.error(`FAULT ${fault}`)
process.exitCode = faults.size + complaints.length > 0 ? 1 : 0
