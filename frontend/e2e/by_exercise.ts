import type { Browser, Page } from 'playwright-core'
import { axeFaults, desk, launch, openPage, settle } from './browser.ts'
import { arrived, ask, button, faults, need, openDesk, points, saved, scoresOf, step } from './marking_steps.ts'
import { loginAs } from './pages.ts'
import { admin, colleague, teacher } from './settings.ts'

/** An exam marked by exercise: the office shares each one out, and two correctors work on one copy at once. */
const first = teacher()!
const second = colleague()
const bareme = ['Géométrie', 'Algèbre'].map((label, index) => ({
  ...{ id: `ex${index + 1}`, label, points: 10 },
  children: ['a', 'b'].map(letter => ({ id: `q${index + 1}${letter}`, label: `${index + 1}${letter}`, points: 5 })),
}))

async function look(page: Page, where: string): Promise<void> {
  await page.waitForTimeout(300)
  if (process.env.KORRIGO_SHOTS) await page.screenshot({ path: `${process.env.KORRIGO_SHOTS}/${where}.png` })
  for (const fault of await axeFaults(page)) faults.push(`${where}: ${fault}`)
}

async function share(page: Page, exercise: string, without: string): Promise<void> {
  await button(page, 'Répartir les copies').click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox').click()
  await page.getByRole('option', { name: `Seulement : ${exercise}` }).click()
  await dialog.getByText('Cet exercice de').waitFor()
  await dialog.getByLabel(without).click()
  await look(page, 'dispatch-exercise')
  await dialog.getByRole('button', { name: 'Répartir les copies' }).click()
  await dialog.waitFor({ state: 'detached' })
}

async function shareOut(page: Page, exam: string): Promise<void> {
  await step('each exercise of all copies is given to one corrector, and the table says whose', async () => {
    await page.goto(`/exams/${exam}/marking`)
    await settle(page)
    await share(page, 'Géométrie', second.username)
    await share(page, 'Algèbre', first.username)
    const whose = `Géométrie : ${first.username} · Algèbre : ${second.username}`
    await page.getByText(whose, { exact: true }).first().waitFor()
    await look(page, 'dispatched-exercises')
    const box = page.getByLabel(first.username, { exact: true }).first()
    need(await box.isDisabled(), 'who has exercises can be taken from the exam')
  })
  await step('an exercise of one copy is taken back from its corrector, and given to him again', async () => {
    for (const choice of ['Ne plus le confier', `Confier à ${first.username}`]) {
      await page
        .getByLabel(/^Actions pour/)
        .first()
        .click()
      await page.getByRole('menuitem', { name: 'Seulement : Géométrie' }).hover()
      await page.getByRole('menu', { name: 'Seulement : Géométrie' }).getByRole('menuitem', { name: choice }).click()
      await page.getByRole('menu').first().waitFor({ state: 'detached' })
      await page.waitForLoadState('networkidle')
    }
    await page.getByText(`Géométrie : ${first.username}`).nth(5).waitFor()
  })
}

async function together(one: Page, other: Page, copy: string): Promise<void> {
  await step('two correctors open one copy, and each can write into what is theirs', async () => {
    await openDesk(one, copy)
    await openDesk(other, copy)
    await saved(one)
    await saved(other)
    need(
      (await one.locator('[data-own-exercises]').innerText()).includes('Géométrie'),
      'it does not say what is theirs',
    )
    need((await one.locator('[data-taken]').count()) === 0, 'the copy is taken')
    need(!(await points(one, '1a').isDisabled()) && (await points(one, '2a').isDisabled()), 'the first one’s fields')
    need(
      (await points(other, '1a').isDisabled()) && !(await points(other, '2a').isDisabled()),
      'the second one’s fields',
    )
    need(await one.getByLabel('Appréciation générale').isDisabled(), 'the appreciation is nobody’s alone')
    await look(one, 'desk-exercise')
  })
  await step('both write at the same time, and nothing is lost or refused', async () => {
    await Promise.all([points(one, '1a').fill('4,5'), points(other, '2a').fill('3')])
    await Promise.all([points(one, '1b').fill('2'), points(other, '2b').fill('5')])
    await Promise.all([saved(one), saved(other)])
    await Promise.all([arrived(one, copy, 'q1b', 2), arrived(one, copy, 'q2b', 5)])
    const scores = await scoresOf(one, copy)
    need(scores.q1a === 4.5 && scores.q2a === 3, `scores are ${JSON.stringify(scores)}`)
  })
  await step('each sees that the other is there, and soon what the other wrote', async () => {
    await one.locator('[data-presence]').filter({ hasText: second.username }).waitFor({ timeout: 30_000 })
    await one.waitForFunction(
      () => document.querySelector<HTMLInputElement>('[data-question=q2a] input')?.value === '3',
      undefined,
      { timeout: 30_000 },
    )
    need((await one.locator('[data-total]').innerText()).startsWith('14,5'), 'the total is not that of both')
  })
  await step('figures and j stay within one’s own questions', async () => {
    await other.locator('[data-tool=select]').focus()
    for (let presses = 0; presses < 4; presses += 1) {
      await other.keyboard.press('j')
      await other.keyboard.press('Escape')
      const at = await other.locator('[data-question].border-primary').getAttribute('data-question')
      need(at?.startsWith('q2'), `j went to ${at}`)
    }
  })
}

async function end(one: Page, other: Page, copy: string): Promise<void> {
  const finalise = async () => {
    await one.getByRole('button', { name: 'Terminer la copie' }).click()
    await one.getByRole('dialog').getByRole('button', { name: 'Terminer la copie' }).click()
  }
  await step('the copy is not finished over the head of who is still at it, and is once they left', async () => {
    await finalise()
    await one.getByText(`${second.username} corrige encore cette copie.`).first().waitFor()
    await other.locator('header a').first().click()
    await other.waitForURL(url => url.pathname === '/copies')
    const isFree = async () => {
      const { locks } = (await ask(one, 'GET', `/api/grading/copies/${copy}/lock/`)).json as { locks: object[] }
      return locks.length === 1
    }
    for (let tries = 0; tries < 20 && !(await isFree()); tries += 1) await one.waitForTimeout(500)
    need(await isFree(), 'who left still has it')
    await finalise()
    await one.waitForURL(url => !url.pathname.includes(copy))
    const left = await ask(one, 'GET', `/api/copies/${copy}/`)
    need((left.json.copy as { status: string }).status === 'GRADED', 'it is not marked')
  })
}

async function journey(browser: Browser): Promise<void> {
  const pages = await Promise.all([1, 2, 3].map(() => openPage(browser, desk, [])))
  const [office, one, other] = pages as [Page, Page, Page]
  await loginAs(office, admin())
  await loginAs(one, first)
  await loginAs(other, second)
  const exams = (await ask(office, 'GET', '/api/exams/')).json.results as { id: string; copies_count: number }[]
  const exam = exams.find(each => each.copies_count > 0)!.id
  const users = (await ask(office, 'GET', '/api/users/?role=TEACHER')).json.results as {
    id: number
    username: string
  }[]
  const ids = [first, second].map(({ username }) => users.find(user => user.username === username)!.id)
  await ask(office, 'PATCH', `/api/exams/${exam}/`, { grading_structure: bareme })
  await ask(office, 'POST', `/api/exams/${exam}/validate-all/`)
  await ask(office, 'PUT', `/api/exams/${exam}/correctors/`, { corrector_ids: ids })
  await shareOut(office, exam)
  const copy = ((await ask(one, 'GET', `/api/copies/?exam=${exam}`)).json.results as { id: string }[])[0]!.id
  await together(one, other, copy)
  await end(one, other, copy)
}

const browser = await launch()
try {
  await journey(browser)
} finally {
  await browser.close()
}

for (const fault of faults) console.error(`FAULT ${fault}`)
process.exitCode = faults.length > 0 ? 1 : 0
