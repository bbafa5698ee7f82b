import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium as engine, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { axeFaults, desk, launch, openPage, settle } from './browser.ts'
import { ask, arrived, button, face, faults, keptHere, marksShown, need } from './marking_steps.ts'
import { openDesk, points, saved, scoresOf, step } from './marking_steps.ts'
import { loginAs } from './pages.ts'
import { admin, chromium, server, teacher } from './settings.ts'

/**
 * A corrector's day: the office prepares the exam in the browser, then copies are marked with the network cut, in two
 * tabs, with a colleague in between, and with the browser killed in the middle of a word. Nothing may be lost.
 */
const corrector = teacher()!

/** The barème, the correctors and the dispatch, as the office does them. */
async function prepare(page: Page, exam: string): Promise<void> {
  await step('the office builds a barème from a template, with one question more', async () => {
    await page.goto(`/exams/${exam}/bareme`)
    await settle(page)
    await button(page, 'Modèle').click()
    await page.getByRole('menuitem', { name: '10 questions' }).click()
    await button(page, 'Ajouter un exercice').click()
    await page.keyboard.type('Soin')
    await button(page, 'Plus pour Soin').click()
    await page.getByRole('menuitemcheckbox', { name: 'Question bonus' }).click()
    await page.keyboard.press('Escape')
    await page.getByText('Total : 20').waitFor()
    await button(page, 'Enregistrer').click()
    await page.getByText('Barème enregistré.').first().waitFor()
  })
  await step('284: no dispatch without correctors, and it says so', async () => {
    await ask(page, 'PUT', `/api/exams/${exam}/correctors/`, { corrector_ids: [] })
    await page.goto(`/exams/${exam}/marking`)
    await settle(page)
    const start = button(page, 'Répartir les copies')
    need(await start.isDisabled(), 'the button is enabled')
    need((await start.getAttribute('title'))?.includes('correcteur'), 'no tooltip')
  })
  await step(
    '284: a corrector is chosen, the copies are shared out after a question, with a table and a run',
    async () => {
      await page.getByLabel(corrector.username).click()
      await page.waitForFunction(() =>
        [...document.querySelectorAll('main button')].some(
          one => one.textContent?.includes('Répartir') && !(one as HTMLButtonElement).disabled,
        ),
      )
      await button(page, 'Répartir les copies').click()
      await page.getByRole('dialog').getByRole('button', { name: 'Répartir les copies' }).click()
      const table = page.locator('[data-dispatched]')
      await table.waitFor()
      need((await table.innerText()).includes('Répartition '), 'no run')
      need((await table.innerText()).includes(corrector.username), 'no table')
    },
  )
}

async function marks(page: Page, copy: string): Promise<void> {
  await step('285: a copy is opened from the list', async () => {
    await page.goto('/copies')
    await settle(page)
    await page.locator(`a[href*="${copy}"]`).first().click()
    await page.locator('[data-desk] .face img').first().waitFor()
  })
  await step('285: a comment is drawn and typed, and is saved', async () => {
    await page.keyboard.press('c')
    const box = (await face(page).boundingBox())!
    await page.mouse.move(box.x + 100, box.y + 200)
    await page.mouse.down()
    await page.mouse.move(box.x + 340, box.y + 240, { steps: 4 })
    await page.mouse.up()
    await page.keyboard.type('Calcul juste, mais la phrase manque.')
    await page.keyboard.press('Escape')
    await page.keyboard.press('v')
    await saved(page)
  })
  await step('a stroke of the pen, a tick, and both taken back and done again', async () => {
    await page.keyboard.press('d')
    const box = (await face(page).boundingBox())!
    await page.mouse.move(box.x + 150, box.y + 320)
    await page.mouse.down()
    for (let x = 0; x < 120; x += 6) await page.mouse.move(box.x + 150 + x, box.y + 320 + 12 * Math.sin(x / 10))
    await page.mouse.up()
    await page.keyboard.press('t')
    await page.mouse.click(box.x + 60, box.y + 300)
    await marksShown(page, 3)
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await marksShown(page, 1)
    await page.keyboard.press('Control+y')
    await page.keyboard.press('Control+y')
    await marksShown(page, 3)
    await page.keyboard.press('v')
  })
  await step('an annotation is moved with the arrows and opened with Enter', async () => {
    const comment = page.locator('.mark-comment').first()
    await comment.focus()
    const before = (await comment.boundingBox())!
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowDown')
    const after = (await comment.boundingBox())!
    need(after.y > before.y + 5, 'it did not move')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog').getByLabel('Points').fill('-0,5')
    await page.keyboard.press('Escape')
  })
  await step('points are given by figures alone, Enter leads on', async () => {
    await page.locator('[data-tool=select]').focus()
    await page.keyboard.press('Digit2')
    await page.keyboard.press('Enter')
    await page.keyboard.type('1,5')
    await page.keyboard.press('Enter')
    await page.keyboard.type('7')
    await page.getByText(/^De 0 à 2/).waitFor()
    await page.keyboard.press('Backspace')
    await page.keyboard.type('1')
    await saved(page)
    const scores = await scoresOf(page, copy)
    need(JSON.stringify(scores) === '{"q1":2,"q2":1.5,"q3":1}', `scores are ${JSON.stringify(scores)}`)
  })
  await step('285: after a reload everything is where it was', async () => {
    await page.reload()
    await page.locator('[data-mark]').nth(2).waitFor()
    need((await points(page, '2').inputValue()) === '1,5', 'the points are gone')
    need(await page.getByText('Calcul juste, mais la phrase manque.').isVisible(), 'the comment is gone')
  })
}

async function offline(context: BrowserContext, page: Page, copy: string): Promise<void> {
  await step('with the network cut, marking goes on: kept here, and sent when it is back', async () => {
    await context.setOffline(true)
    await points(page, '4').fill('0,75')
    await page.getByLabel('Appréciation générale').fill('Écrit dans un train sans réseau.')
    await saved(page, 'waiting')
    await page.keyboard.press('Escape')
    await context.setOffline(false)
    await saved(page)
    await arrived(page, copy, 'q4', 0.75)
    const said = await ask(page, 'GET', `/api/grading/copies/${copy}/global-appreciation/`)
    need(String(said.json.global_appreciation).includes('train'), 'the appreciation did not arrive')
  })
}

async function twoTabs(context: BrowserContext, page: Page, copy: string): Promise<void> {
  await step('two tabs on one copy see each other, and neither writes over the other', async () => {
    const other = await context.newPage()
    await openDesk(other, copy)
    await saved(other)
    await points(page, '5').fill('2')
    await saved(page)
    await other.waitForFunction(() => [...document.querySelectorAll('input')].some(one => one.value === '0,75'))
    await points(other, '5').waitFor()
    await other.waitForFunction(
      () => (document.querySelector('[data-question=q5] input') as HTMLInputElement)?.value === '2',
    )
    await points(other, '5').fill('1')
    await saved(other)
    await points(page, '5').waitFor()
    await page.waitForFunction(
      () => (document.querySelector('[data-question=q5] input') as HTMLInputElement)?.value === '1',
    )
    await points(page, '6').fill('2')
    await saved(page)
    need((await page.locator('[data-conflicts]').count()) === 0, 'a conflict between two tabs of one person')
    await other.close()
    need((await scoresOf(page, copy)).q5 === 1, 'the last word is not there')
  })
}

async function twoPeople(context: BrowserContext, page: Page, office: Page, copy: string): Promise<void> {
  await step('a colleague who took over meanwhile: nothing is written over, and the choice is shown', async () => {
    await context.setOffline(true)
    await points(page, '1').fill('1')
    await saved(page, 'waiting')
    const path = `/api/grading/copies/${copy}/`
    await ask(office, 'POST', `/api/copies/${copy}/force-unlock/`)
    const lock = await ask(office, 'POST', `${path}lock/`, {})
    const key = { 'X-Lock-Token': String(lock.json.token) }
    await ask(office, 'PUT', `${path}scores/`, { scores_data: { q1: 0.5 } }, key)
    await ask(office, 'DELETE', `${path}lock/`, undefined, key)
    await context.setOffline(false)
    await page.locator('[data-conflicts]').waitFor({ timeout: 60_000 })
    need((await scoresOf(page, copy)).q1 === 0.5, "the colleague's points were written over")
    await page.locator('[data-conflicts] button').first().click()
    const conflict = page.locator('[data-conflict]')
    await conflict.waitFor()
    need(/1[\s\S]*0,5/.test(await conflict.innerText()), 'both sides are not shown')
    for (const fault of await axeFaults(page)) faults.push(`conflicts: ${fault}`)
    await conflict.getByRole('button', { name: 'Prendre' }).click()
    await conflict.waitFor({ state: 'detached' })
    need((await scoresOf(page, copy)).q1 === 1, 'the choice was not written')
  })
  await step('while another has it, the copy is read only and says who', async () => {
    const path = `/api/grading/copies/${copy}/`
    await ask(office, 'POST', `/api/copies/${copy}/force-unlock/`)
    const lock = await ask(office, 'POST', `${path}lock/`, {})
    await openDesk(page, copy)
    await page.locator('[data-taken]').waitFor()
    need(await points(page, '1').isDisabled(), 'points can be given')
    await ask(office, 'DELETE', `${path}lock/`, undefined, { 'X-Lock-Token': String(lock.json.token) })
    await button(page, 'Regarder à nouveau').click()
    await page.locator('[data-taken]').waitFor({ state: 'detached' })
    need(!(await points(page, '1').isDisabled()), 'it did not open')
  })
}

async function finish(page: Page, copy: string): Promise<void> {
  await step('a copy is finished by keyboard alone, and the next one comes', async () => {
    await page.locator('[data-tool=select]').focus()
    for (let question = 0; question < 12; question += 1) {
      const missing = page.locator('[data-question] input').filter({ hasNotText: 'x' })
      const index = await missing.evaluateAll(all => all.findIndex(one => (one as HTMLInputElement).value === ''))
      if (index < 0) break
      await page.keyboard.press('j')
      await page.keyboard.press('Escape')
      const value = await page.evaluate(() => {
        const row = document.querySelector('[data-question].border-primary input')
        return (row as HTMLInputElement | null)?.value
      })
      if (value === '') {
        await page.keyboard.press('Digit1')
        await page.keyboard.press('Escape')
      }
    }
    await saved(page)
    await page.keyboard.press('f')
    const dialog = page.getByRole('dialog')
    await dialog.getByText(/Note : /).waitFor()
    await dialog.getByRole('button', { name: 'Terminer la copie' }).click()
    await page.waitForURL(url => !url.pathname.includes(copy))
    await page.locator('[data-desk] .face img').first().waitFor()
    const left = await ask(page, 'GET', `/api/copies/${copy}/`)
    need((left.json.copy as { status: string }).status === 'GRADED', 'it is not marked')
  })
  await step('by question: the next copy shows the same question, its points under the fingers', async () => {
    await page.getByLabel('changer de façon de corriger').click()
    await page.getByRole('option', { name: 'Question 1', exact: true }).click()
    await page.waitForURL(/question=q1/)
    await page.locator('[data-question=q1] input').waitFor()
    need((await page.locator('[data-question]').count()) === 1, 'other questions are there too')
    await page.keyboard.type('1')
    const before = page.url()
    await page.keyboard.press('Enter')
    await page.waitForURL(url => url.href !== before)
    need(page.url().includes('question=q1'), 'the question was lost')
  })
}

/** The processes of a browser with this profile: killed, as a power cut would. */
function kill(profile: string): void {
  for (const id of readdirSync('/proc').filter(name => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${id}/cmdline`, 'utf8').includes(profile)) process.kill(Number(id), 'SIGKILL')
    } catch {
      // It has ended meanwhile.
    }
  }
}

async function killed(copy: string): Promise<void> {
  const profile = mkdtempSync(join(tmpdir(), 'korrigo-profile-'))
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : []
  const open = () =>
    engine.launchPersistentContext(profile, {
      ...{ executablePath: chromium, args, baseURL: server, locale: 'fr', viewport: { width: 1280, height: 800 } },
    })
  try {
    await step('the browser is killed in the middle of a word: the word is there again', async () => {
      const context = await open()
      const page = context.pages()[0]!
      await loginAs(page, corrector)
      await openDesk(page, copy)
      await saved(page)
      await context.setOffline(true)
      await points(page, '2').fill('1,25')
      await page.getByLabel('Appréciation générale').focus()
      await page.keyboard.type('Interrompu au milieu d’un mo')
      await keptHere(page)
      kill(profile)
      await context.close().catch(() => {})
      const again = await open()
      const next = again.pages()[0]!
      await next.goto('/')
      await settle(next)
      if (new URL(next.url()).pathname.startsWith('/login')) await loginAs(next, corrector)
      await openDesk(next, copy)
      need(
        (await next.getByLabel('Appréciation générale').inputValue()).endsWith('au milieu d’un mo'),
        'the word is lost',
      )
      need((await points(next, '2').inputValue()) === '1,25', 'the points are lost')
      await saved(next)
      await arrived(next, copy, 'q2', 1.25)
      await again.close()
    })
  } finally {
    kill(profile)
    rmSync(profile, { recursive: true, force: true })
  }
}

/** A whole lot without network: taken along, marked copy after copy, sent when the network is back. */
async function lot(context: BrowserContext, page: Page): Promise<void> {
  await step('a lot is taken along, marked without network, and everything arrives', async () => {
    await page.goto('/copies')
    await settle(page)
    await button(page, 'Emporter pour travailler hors ligne').click()
    await page.getByText('Disponible hors ligne').first().waitFor({ timeout: 60_000 })
    await page.getByRole('link', { name: 'Continuer à corriger' }).click()
    await page.locator('[data-desk] .face img').first().waitFor()
    await saved(page)
    await page.waitForLoadState('networkidle')
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null)
    await context.setOffline(true)
    await page.reload()
    await page.locator('[data-desk] .face img').first().waitFor({ timeout: 30_000 })
    const seen: string[] = []
    for (let index = 0; index < 2; index += 1) {
      seen.push(new URL(page.url()).pathname.split('/')[2]!)
      await points(page, '3').fill('1,75')
      await page.keyboard.press('Escape')
      const before = await page.locator('h1').innerText()
      await page.keyboard.press('n')
      const other = page.locator('h1').filter({ hasNotText: before })
      await other.waitFor({ state: 'attached', timeout: 30_000 })
    }
    need(seen.length > 1, 'the next copy did not open without network')
    await context.setOffline(false)
    await page.goto('/copies')
    await settle(page)
    for (const copy of seen) await arrived(page, copy, 'q3', 1.75)
    await button(page, 'Rendre les copies emportées').click()
    await page.getByText('Disponible hors ligne').first().waitFor({ state: 'detached' })
  })
}

async function journey(browser: Browser): Promise<void> {
  const office = await openPage(browser, desk, [])
  await loginAs(office, admin())
  const exams = (await ask(office, 'GET', '/api/exams/')).json.results as { id: string; copies_count: number }[]
  const exam = exams.find(one => one.copies_count > 0)!.id
  await ask(office, 'POST', `/api/exams/${exam}/validate-all/`)
  await prepare(office, exam)

  const page = await openPage(browser, desk, [])
  const context = page.context()
  await loginAs(page, corrector)
  const copies = (await ask(page, 'GET', '/api/copies/')).json.results as { id: string }[]
  const [first, second] = [copies[0]!.id, copies[1]!.id]
  await marks(page, first)
  await offline(context, page, first)
  await twoTabs(context, page, first)
  await twoPeople(context, page, office, first)
  await finish(page, first)
  await page.goto('/copies')
  await killed(second)
  await lot(context, page)
  await context.close()
}

const browser = await launch()
try {
  await journey(browser)
} finally {
  await browser.close()
}

for (const fault of faults) console.error(`FAULT ${fault}`)
process.exitCode = faults.length > 0 ? 1 : 0
