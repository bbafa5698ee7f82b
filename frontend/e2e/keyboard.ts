import type { Browser, Page } from 'playwright-core'
import { desk, launch, openPage, settle } from './browser.ts'
import { answer, choose, downloaded, focused, press, reach, write } from './keys.ts'
import { ask, button, faults, markWhole, marksShown, need, saved, scoresOf, step, type Leaf } from './marking_steps.ts'
import { admin, teacher } from './settings.ts'

/** Each role's whole journey by keys alone, from the log-in on; requests stand for what others do meanwhile. */
const corrector = teacher()!

async function logIn(page: Page, { username, password }: { username: string; password: string }): Promise<void> {
  await page.goto('/login/staff')
  await settle(page)
  await write(page, /^Identifiant/, username)
  await write(page, 'Mot de passe', password)
  await page.keyboard.press('Enter')
  await page.waitForURL(url => !url.pathname.startsWith('/login'))
  await settle(page)
}

async function arrange(page: Page, name: string): Promise<void> {
  await step('the office jumps over the navigation and opens the report', async () => {
    await press(page, 'Aller au contenu')
    need((await page.evaluate(() => document.activeElement?.id)) === 'content', 'the jump led nowhere')
    await press(page, name)
    await page.waitForURL(/\/exams\/[\w-]{36}$/)
    await page.getByRole('region', { name: 'Copies' }).waitFor()
  })
  await step('a face is turned and carried to the next copy, a booklet is cut, and all is taken back', async () => {
    await press(page, 'Agrafage')
    await page.waitForURL(/staple$/)
    await settle(page)
    const faces = (booklet: number) => page.locator('main section').nth(booklet).locator('[data-face]').count()
    const undone = (count: number) =>
      page.waitForFunction(
        n => document.querySelector('main section')?.querySelectorAll('[data-face]').length === n,
        count,
      )
    const before = await faces(0)
    for (let face = 0; face < 2; face += 1) await page.keyboard.press('ArrowRight')
    const chosen = page.locator('[data-face][aria-pressed=true]')
    const now = await focused(page)
    need(now.name.startsWith('Face 2') && now.seen, `the keys are at "${now.name}"`)
    const upright = (await chosen.locator('img').getAttribute('src'))!
    await page.keyboard.press('r')
    await chosen.locator(`img:not([src="${upright}"])`).waitFor()
    await page.keyboard.press('n')
    await undone(before - 1)
    await page.keyboard.press('Control+z')
    await undone(before)
    const booklets = await page.locator('main section').count()
    await page.keyboard.press('s')
    await page.waitForFunction(n => document.querySelectorAll('main section').length > n, booklets)
    await page.keyboard.press('Control+z')
    await page.waitForFunction(n => document.querySelectorAll('main section').length === n, booklets)
    await page.keyboard.press('Control+z')
    await chosen.locator(`img[src="${upright}"]`).waitFor()
  })
}

async function identify(page: Page): Promise<void> {
  await step('an identity is taken away, and given again with a figure', async () => {
    await press(page, 'Rapport')
    await page.getByRole('region', { name: 'Copies' }).waitFor()
    await press(page, /· \d+ faces? /)
    await page.waitForURL(/\/copies\//)
    await settle(page)
    await press(page, 'Retirer l’identité')
    await button(page, 'Retirer l’identité').waitFor({ state: 'detached' })
    await press(page, 'Rapport')
    await page.getByRole('region', { name: 'Copies' }).waitFor()
    await press(page, 'Identifier')
    await page.waitForURL(/identify$/)
    await settle(page)
    const counter = page.locator('p[role=status]')
    const left = await counter.innerText()
    await page.keyboard.press('1')
    await page.waitForFunction(text => document.querySelector('p[role=status]')?.textContent?.trim() !== text, left)
  })
}

async function bareme(page: Page, exam: string): Promise<void> {
  await step('a barème is taken from a template, gets a question, which moves up, and is saved', async () => {
    await page.goto(`/exams/${exam}/marking`)
    await settle(page)
    await press(page, 'Barème')
    await page.waitForURL(/bareme$/)
    await settle(page)
    await press(page, 'Modèle')
    await choose(page, '4 exercices de 5 points')
    await press(page, 'Ajouter un exercice')
    await page.keyboard.type('Soin')
    await page.keyboard.press('Alt+ArrowUp')
    await page.waitForFunction(
      () => [...document.querySelectorAll<HTMLInputElement>('[data-line], [data-line] input')].at(-1)?.value !== 'Soin',
    )
    await press(page, 'Enregistrer')
    await page.getByText('Barème enregistré.').first().waitFor()
    const { grading_structure } = (await ask(page, 'GET', `/api/exams/${exam}/`)).json as {
      grading_structure: (Leaf & { label: string })[]
    }
    need(grading_structure.findIndex(one => one.label === 'Soin') === 3, 'the question is not the last but one')
  })
}

async function share(page: Page): Promise<void> {
  await step('a corrector is ticked and the copies are shared out', async () => {
    await press(page, 'Correction')
    await page.waitForURL(/marking$/)
    await settle(page)
    await reach(page, corrector.username)
    if (
      !(await page
        .locator('[role=checkbox]:focus')
        .getAttribute('aria-checked')
        .then(on => on === 'true'))
    ) {
      await page.keyboard.press('Space')
    }
    await page.locator('main button:enabled', { hasText: 'Répartir les copies' }).waitFor()
    await press(page, 'Répartir les copies')
    await answer(page, 'Répartir les copies')
    await page.locator('[data-dispatched]').waitFor()
  })
}

async function mark(page: Page): Promise<string> {
  let copy = ''
  await step('the corrector opens the first copy', async () => {
    await logIn(page, corrector)
    await press(page, 'Continuer à corriger')
    await page.locator('[data-desk] .face img').first().waitFor()
    copy = new URL(page.url()).pathname.split('/')[2]!
  })
  await step('a comment is put down, written, moved and given points', async () => {
    await page.keyboard.press('c')
    await press(page, 'Pages de la copie')
    await page.getByRole('dialog').waitFor()
    await page.keyboard.type('Bien vu.')
    await page.keyboard.press('Escape')
    await marksShown(page, 1)
    await saved(page)
    await reach(page, /^Commentaire, page 1 : Bien vu/)
    const comment = page.locator('.mark-comment')
    const before = (await comment.boundingBox())!
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('ArrowRight')
    const after = (await comment.boundingBox())!
    need(after.y > before.y && after.x > before.x, 'it did not move')
    await page.keyboard.press('Enter')
    await write(page, 'Points', '0,5')
    await page.keyboard.press('Escape')
    need((await focused(page)).name.startsWith('Commentaire'), 'the keys are lost after writing')
    await page.locator('.mark-points').waitFor()
  })
  await step('every question gets points and the copy is finished', async () => {
    for (let question = 0; question < 5; question += 1) {
      await page.keyboard.press(question ? 'j' : 'k')
      await page.keyboard.press('Control+a')
      await page.keyboard.type('0')
      await page.keyboard.press('Escape')
    }
    await saved(page)
    need(Object.keys(await scoresOf(page, copy)).length === 5, 'a question has no points')
    await page.keyboard.press('f')
    await answer(page, 'Terminer la copie')
    await page.waitForURL(url => !url.pathname.includes(copy))
    await page.locator('[data-desk] .face img').first().waitFor()
  })
  await step('the light table is opened, a copy is laid on a pile and opened', async () => {
    await page.goto('/copies')
    await settle(page)
    await press(page, 'Table lumineuse')
    await page.locator('[data-light] img').first().waitFor()
    await reach(page, /^Copie .* sur /)
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('2')
    await page.getByText('Pile 2', { exact: true }).first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/mark\?question=/)
  })
  return copy
}

async function publish(page: Page, exam: string): Promise<void> {
  await step('the results are released and a file of marks is fetched', async () => {
    await page.goto(`/exams/${exam}`)
    await settle(page)
    await press(page, 'Résultats')
    await page.waitForURL(/results$/)
    await settle(page)
    await press(page, 'Publier les résultats')
    await answer(page, 'Publier les résultats')
    await button(page, 'Retirer les résultats').waitFor()
    await downloaded(page, () => press(page, 'Préparer – CSV'))
  })
}

async function read(page: Page, account: { email: string; born: string }, copy: string): Promise<void> {
  await step('the student finds the mark, goes to a remark and downloads the copy', async () => {
    await page.goto('/login/student')
    await settle(page)
    await write(page, /^Adresse e-mail/, account.email)
    await write(page, /^Date de naissance/, account.born)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/results$/)
    await settle(page)
    await press(page, /^Voir ma copie/)
    await page.waitForURL(new RegExp(copy))
    await page.locator('canvas').first().waitFor({ timeout: 60_000 })
    await press(page, /^Bien vu/)
    await page.locator('main aside button[aria-pressed=true]').waitFor()
    await page.reload()
    await page.locator('canvas').first().waitFor({ timeout: 60_000 })
    await downloaded(page, () => press(page, 'Télécharger le PDF'))
  })
}

async function journey(browser: Browser): Promise<void> {
  const office = await openPage(browser, desk, [])
  await logIn(office, admin())
  const exams = (await ask(office, 'GET', '/api/exams/')).json.results as {
    id: string
    name: string
    copies_count: number
  }[]
  const { id: exam, name } = exams.find(one => one.copies_count > 0)!
  await arrange(office, name)
  await identify(office)
  await ask(office, 'POST', `/api/exams/${exam}/validate-all/`)
  await bareme(office, exam)
  await share(office)

  const page = await openPage(browser, desk, [])
  const copy = await mark(page)
  await page.context().close()

  const copies = (await ask(office, 'GET', `/api/exams/${exam}/copies/`)).json.results as {
    id: string
    status: string
    student: { id: number } | null
  }[]
  for (const one of copies) if (one.status !== 'GRADED') await markWhole(office, exam, one.id)
  await publish(office, exam)

  const { student } = copies.find(one => one.id === copy)!
  need(student, 'the copy that was marked has no student')
  const { email, date_naissance } = (await ask(office, 'GET', `/api/students/${student.id}/`)).json
  const born = String(date_naissance).split('-').toReversed().join('/')
  await read(await openPage(browser, desk, []), { email: String(email), born }, copy)
}

const browser = await launch()
try {
  await journey(browser)
} finally {
  await browser.close()
}

for (const fault of new Set(faults)) console.error(`FAULT ${fault}`)
process.exitCode = faults.length > 0 ? 1 : 0
