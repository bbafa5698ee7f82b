import type { Browser, Page } from 'playwright-core'
import { axeFaults, desk, launch, openPage, settle } from './browser.ts'
import { ask, button, faults, markWhole, need, openDesk, saved, step, type Leaf } from './marking_steps.ts'
import { matters } from './matters.ts'
import { loginAs } from './pages.ts'
import { admin, demo, teacher } from './settings.ts'

/** What comes once copies hold marks: a barème that changes, and the pages around the marking. */
const corrector = teacher()!
const complaints: string[] = []
/** Refusals that the walk provokes. */
const wanted = /status of (409|503)|(mark|matters): .*status of 404/

/** axe, and a picture where pictures are wanted. */
async function look(page: Page, where: string): Promise<void> {
  await page.waitForTimeout(300)
  if (process.env.KORRIGO_SHOTS) await page.screenshot({ path: `${process.env.KORRIGO_SHOTS}/${where}.png` })
  for (const fault of await axeFaults(page)) faults.push(`${where}: ${fault}`)
}

/** An exam with a barème whose copies are with the corrector; the copies, one of them marked. */
async function prepared(office: Page): Promise<{ exam: string; copies: string[] }> {
  const exams = (await ask(office, 'GET', '/api/exams/')).json.results as { id: string; copies_count: number }[]
  const exam = exams.find(one => one.copies_count > 0)!.id
  const path = `/api/exams/${exam}/`
  const { grading_structure } = (await ask(office, 'GET', path)).json as { grading_structure: Leaf[] }
  if (grading_structure.length === 0) {
    const tree = Array.from({ length: 5 }, (_, index) => ({ id: `q${index + 1}`, label: `${index + 1}`, points: 4 }))
    await ask(office, 'PATCH', path, { grading_structure: tree, mark_step: 0.25 })
  }
  await ask(office, 'POST', `${path}validate-all/`)
  const teachers = (await ask(office, 'GET', '/api/users/?role=TEACHER')).json.results as {
    id: number
    username: string
  }[]
  const { id } = teachers.find(one => one.username === corrector.username)!
  await ask(office, 'PUT', `${path}correctors/`, { corrector_ids: [id] })
  await ask(office, 'POST', `${path}dispatch/`, {})
  const all = (await ask(office, 'GET', `${path}copies/`)).json.results as { id: string; status: string }[]
  if (!all.some(copy => copy.status === 'GRADED')) await markWhole(office, exam, all[0]!.id)
  return { exam, copies: all.map(copy => copy.id) }
}

async function bareme(page: Page, exam: string): Promise<void> {
  const label = `Tardif ${Date.now().toString(36)}`
  const tree = async () => (await ask(page, 'GET', `/api/exams/${exam}/`)).json.grading_structure as Leaf[]
  await step('a barème changed after the marking shows what moves, and changes nothing by itself', async () => {
    const before = JSON.stringify(await tree())
    await page.goto(`/exams/${exam}/bareme`)
    await settle(page)
    await button(page, 'Ajouter un exercice').click()
    await page.keyboard.type(label)
    await button(page, 'Enregistrer').click()
    const preview = page.locator('[data-regrading]')
    await preview.waitFor()
    need((await preview.innerText()).includes(label), 'the new question is not named')
    await look(page, 'bareme-moves')
    await button(page, 'Ne rien changer').click()
    await preview.waitFor({ state: 'detached' })
    need(JSON.stringify(await tree()) === before, 'the barème was changed')
  })
  await step('and is applied when that is wanted; the version before can be taken up again', async () => {
    await button(page, 'Enregistrer').click()
    await button(page, 'Appliquer le changement').click()
    await page.getByText('Barème changé').first().waitFor()
    need(JSON.stringify(await tree()).includes(label), 'the barème was not changed')
    await button(page, 'Versions').click()
    await button(page, /^Reprendre la version/)
      .first()
      .click()
    await button(page, 'Enregistrer').click()
    await button(page, 'Appliquer le changement').click()
    await page.locator('[data-regrading]').waitFor({ state: 'detached' })
    need(!JSON.stringify(await tree()).includes(label), 'the former barème is not back')
  })
}

async function documents(page: Page, exam: string): Promise<void> {
  await step(
    'subject and answer key are put beside the copies, and an earlier version is put in force again',
    async () => {
      await page.goto(`/exams/${exam}/documents`)
      await settle(page)
      for (const type of ['SUJET', 'CORRIGE']) {
        await page.locator(`[data-document=${type}] input`).setInputFiles(demo().pdf)
        await page.locator(`[data-document=${type}] a`).waitFor()
        await settle(page)
      }
      await button(page, 'Remettre en vigueur la version 1').click()
      await page.locator('[data-document=CORRIGE] a').waitFor({ state: 'detached' })
      await button(page, 'Remettre en vigueur la version 2').click()
      await page.locator('[data-document=CORRIGE] a').waitFor()
      await page.reload()
      await settle(page)
      await look(page, 'exam-documents')
    },
  )
}

async function atTheDesk(page: Page, office: Page, copy: string): Promise<void> {
  await step('a key opens subject and answer key beside the copy; they stay for the next one', async () => {
    await openDesk(page, copy)
    await page.keyboard.press('s')
    const panel = page.locator('[data-documents]')
    await panel.locator('canvas').first().waitFor()
    await button(page, 'Sujet').click()
    await panel.getByRole('group', { name: 'Pages' }).focus()
    await page.keyboard.press('PageDown')
    await page.keyboard.press('n')
    await page.waitForURL(url => !url.pathname.includes(copy))
    await panel.waitFor()
    await page.locator('[data-desk] .face img').first().waitFor()
    await settle(page)
    const { locks } = (await ask(page, 'GET', `/api/grading/copies/${copy}/lock/`)).json as { locks: unknown[] }
    need(locks.length === 0, 'the copy that was left was not given back')
    await look(page, 'desk-documents')
    await page.keyboard.press('s')
    await panel.waitFor({ state: 'detached' })
  })
  await step('the history says who did what', async () => {
    await openDesk(page, copy)
    await button(page, 'Historique').click()
    await page.getByRole('dialog').getByText(corrector.username).first().waitFor()
    await look(page, 'desk-history')
    await page.keyboard.press('Escape')
  })
  await step('a failed save is told, kept, and sent again when that is asked for', async () => {
    await openDesk(page, copy)
    await saved(page)
    await page.route('**/operations/', route => route.fulfill({ status: 503, json: { error: '', code: 'busy' } }))
    await page.getByLabel('Appréciation générale').fill('Écrit pendant une panne.')
    await page.locator('[data-save=waiting]').waitFor()
    await look(page, 'desk-unsaved')
    await page.locator('[data-save] button').click()
    await page.unroute('**/operations/')
    await saved(page)
    const said = await ask(page, 'GET', `/api/grading/copies/${copy}/global-appreciation/`)
    need(said.json.global_appreciation === 'Écrit pendant une panne.', 'it did not arrive')
  })
  await step('who else is at the copy is named', async () => {
    const path = `/api/grading/copies/${copy}/lock/`
    await ask(office, 'POST', `/api/copies/${copy}/force-unlock/`)
    const lock = await ask(office, 'POST', path, {})
    await openDesk(page, copy)
    await page.locator('[data-presence]').waitFor()
    need((await page.locator('[data-presence]').innerText()).includes(admin().username), 'the name is not there')
    await ask(office, 'DELETE', path, undefined, { 'X-Lock-Token': String(lock.json.token) })
  })
}

async function lightTable(page: Page, exam: string): Promise<void> {
  await step('the faces of one question lie side by side; sorted, piled and opened by keys', async () => {
    await page.goto('/copies')
    await settle(page)
    await page.getByRole('link', { name: 'Table lumineuse' }).first().click()
    const cards = page.locator('[data-light]')
    await cards.locator('img').first().waitFor()
    await cards.nth(2).waitFor()
    await cards.first().focus()
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Digit2')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('Digit1')
    await page.getByText('Pile 1', { exact: true }).first().waitFor()
    await page.keyboard.press('PageDown')
    await page.getByText('Page 2', { exact: true }).waitFor()
    for (let press = 0; press < 3; press += 1) await page.keyboard.press('o')
    const heads = await page.locator('main section h2').allInnerTexts()
    need(/Pile 1.*1 copie/.test(heads[0] ?? '') && /Pile 2/.test(heads[1] ?? ''), `the piles are ${heads.join()}`)
    await look(page, 'light-table')
    await page.reload()
    await page.getByText('Pile 2', { exact: true }).waitFor()
    await page.keyboard.press('?')
    await page.locator('[data-keys]').getByText('Mettre la copie sur').waitFor()
    await look(page, 'light-table-keys')
    await page.keyboard.press('Escape')
    await page.locator('[data-keys]').waitFor({ state: 'detached' })
    await cards.first().focus()
    await page.keyboard.press('Enter')
    await page.waitForURL(/mark\?question=/)
    await page.locator('[data-desk] .face img').first().waitFor()
    need(page.url().includes('question='), `not the question at the desk of ${exam}`)
  })
}

async function rounding(page: Page, exam: string): Promise<void> {
  const stored = async () => (await ask(page, 'GET', `/api/exams/${exam}/`)).json.export_rounding
  const choice = page.getByLabel('Arrondi des totaux')
  const choose = async (entry: string) => {
    await choice.click()
    await page.getByRole('option', { name: entry }).click()
    await page.locator('[data-rounding]:not([disabled])', { hasText: entry }).waitFor()
  }
  await step('totals in files are rounded as the exam says, and only there', async () => {
    await page.goto(`/exams/${exam}/results`)
    await settle(page)
    await choose('Au plus proche 0,5')
    need((await stored()) === 0.5, 'the rounding is not stored')
    await page.reload()
    await page.locator('[data-rounding]', { hasText: 'Au plus proche 0,5' }).waitFor()
    await look(page, 'export-rounding')
    await choose('Notes exactes')
    need((await stored()) === null, 'the rounding is still stored')
  })
}

async function walk(browser: Browser): Promise<void> {
  const office = await openPage(browser, desk, complaints)
  await loginAs(office, admin())
  const { exam, copies } = await prepared(office)
  await bareme(office, exam)
  await documents(office, exam)
  await rounding(office, exam)
  const page = await openPage(browser, desk, complaints)
  await loginAs(page, corrector)
  await atTheDesk(page, office, copies[1]!)
  await lightTable(page, exam)
  await matters(page, office, exam, copies, look)
}

const browser = await launch()
try {
  await walk(browser)
} finally {
  await browser.close()
}

faults.push(...complaints.filter(one => !wanted.test(one)))
for (const fault of faults) console.error(`FAULT ${fault}`)
process.exitCode = faults.length > 0 ? 1 : 0
