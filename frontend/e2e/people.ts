import type { Browser, Page } from 'playwright-core'
import { desk, launch, openPage, settle } from './browser.ts'
import { ask, button, faults, markWhole, need, step } from './marking_steps.ts'
import { loginAs, loginAsStudent } from './pages.ts'
import { admin, student, teacher } from './settings.ts'

/** Who may be where, and until when: log-outs, other people's pages, first passwords, a student's results. */
const pupil = student()!
const corrector = teacher()!

const roles = [
  { name: 'admin', login: (page: Page) => loginAs(page, admin()), secret: '/exams', marker: 'main h1' },
  { name: 'teacher', login: (page: Page) => loginAs(page, corrector), secret: '/copies', marker: 'main h1' },
  { name: 'student', login: (page: Page) => loginAsStudent(page, pupil), secret: '/results', marker: 'main h1' },
]

const logOut = async (page: Page) => {
  const leave = page.getByRole('menuitem', { name: 'Se déconnecter' })
  // A page that is still being put together takes the first click for nothing.
  for (let attempt = 0; attempt < 5 && !(await leave.isVisible()); attempt += 1) {
    await page.getByRole('button', { name: /^Menu de / }).click()
    await leave.waitFor({ timeout: 3000 }).catch(() => {})
  }
  await leave.click()
  await page.waitForURL(/\/login/)
}

async function logOuts(browser: Browser): Promise<void> {
  for (const { name, login, secret, marker } of roles) {
    await step(`280: after ${name}'s log-out, Back shows no protected page`, async () => {
      const page = await openPage(browser, desk, [])
      await login(page)
      await page.goto(secret)
      await page.locator(marker).waitFor()
      const title = await page.locator(marker).innerText()
      await logOut(page)
      for (let back = 0; back < 2; back += 1) {
        await page.goBack().catch(() => {})
        await page.waitForTimeout(500)
        const seen = await page.locator(marker).allInnerTexts()
        need(!page.url().includes(secret) && !seen.includes(title), `${secret} is shown: ${seen.join()}`)
      }
      await page.context().close()
    })
  }
  await step('281: a log-out in one tab sends the other one home', async () => {
    const page = await openPage(browser, desk, [])
    await loginAs(page, admin())
    await page.goto('/students')
    await settle(page)
    const other = await page.context().newPage()
    await other.goto('/exams')
    await settle(other)
    await logOut(other)
    await page.waitForURL(/\/login/)
    await page.goto('/students')
    await page.waitForURL(/\/login/)
    await page.context().close()
  })
}

async function othersPages(browser: Browser): Promise<void> {
  const visit = async (page: Page, paths: string[], home: RegExp) => {
    for (const path of paths) {
      await page.goto(path)
      await settle(page)
      need(home.test(new URL(page.url()).pathname), `${path} led to ${page.url()}`)
    }
  }
  await step('282: teachers are sent away from the office', async () => {
    const page = await openPage(browser, desk, [])
    await loginAs(page, corrector)
    await visit(page, ['/exams', '/users', '/settings', '/tasks', '/students'], /^\/copies$/)
    await page.goto('/admin-dashboard')
    await settle(page)
    need((await page.locator('main table, main form').count()) === 0, 'there is something to see')
    await page.context().close()
  })
  await step('282: students are sent away from the pages of staff', async () => {
    const page = await openPage(browser, desk, [])
    await loginAsStudent(page, pupil)
    await visit(page, ['/exams', '/copies', '/users', '/exams/new', '/settings'], /^\/results$/)
    await page.context().close()
  })
}

async function firstPassword(browser: Browser, office: Page): Promise<void> {
  await step('283: a first password has to be changed before anything else', async () => {
    const username = `neuf.${Date.now().toString(36)}`
    const made = await ask(office, 'POST', '/api/users/', { username, role: 'TEACHER', email: `${username}@e.org` })
    const password = String(made.json.temporary_password)
    const page = await openPage(browser, desk, [])
    await loginAs(page, { username, password })
    await page.waitForURL(/\/password$/)
    await page.goto('/copies')
    await page.waitForURL(/\/password$/)
    const fields = page.locator('input[type=password]')
    await fields.nth(0).fill(password)
    for (let index = 1; index < (await fields.count()); index += 1) await fields.nth(index).fill('Un-mot-neuf-4711')
    await page.locator('button[type=submit]').click()
    await page.waitForURL(/\/copies$/)
    await page.context().close()
  })
}

/** A marked copy of a student, and how to log in as that student. */
async function published(office: Page): Promise<{ email: string; born: string; exam: string; copy: string }> {
  const exams = (await ask(office, 'GET', '/api/exams/')).json.results as { id: string; copies_count: number }[]
  const exam = exams.find(one => one.copies_count > 0)!.id
  const copies = (await ask(office, 'GET', `/api/exams/${exam}/copies/`)).json.results as {
    id: string
    status: string
    student: { id: number } | null
  }[]
  const copy = copies.find(one => ['READY', 'LOCKED', 'GRADED'].includes(one.status) && one.student)
  need(copy, 'no copy of the demo exam is identified')
  if (copy.status !== 'GRADED') await markWhole(office, exam, copy.id)
  await ask(office, 'POST', `/api/exams/${exam}/release-results/`)
  const { email, date_naissance } = (await ask(office, 'GET', `/api/students/${copy.student!.id}/`)).json
  const [year, month, day] = String(date_naissance).split('-')
  return { email: String(email), born: `${day}/${month}/${year}`, exam, copy: copy.id }
}

async function results(browser: Browser, office: Page): Promise<void> {
  await step('286: a student finds the marked copy, its remarks and its PDF', async () => {
    const { exam, copy, ...account } = await published(office)
    const page = await openPage(browser, desk, [])
    await loginAsStudent(page, account)
    await page.locator(`a[href$="/results/${copy}"]`).first().click()
    await page.waitForURL(new RegExp(copy))
    await page.locator('canvas').first().waitFor({ timeout: 60_000 })
    const path = await page.getByRole('link', { name: 'Télécharger' }).getAttribute('href')
    const pdf = await page.evaluate(async url => {
      const answer = await fetch(url)
      return `${answer.status} ${answer.headers.get('content-type')}`
    }, path!)
    need(pdf === '200 application/pdf', pdf)
    await ask(office, 'POST', `/api/exams/${exam}/unrelease-results/`)
    await page.context().close()
  })
  await step('286: a bad log-in says nothing of why, and after five the wait is told', async () => {
    const page = await openPage(browser, desk, [])
    await page.goto('/login/student')
    await page.locator('input[autocomplete=username]').fill(`nobody.${Date.now()}@lycee.example.org`)
    await page.locator('input[autocomplete=bday]').fill('01/01/2008')
    const alert = page.locator('[role=alert]').first()
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      const answered = page.waitForResponse(/students\/login/)
      await button(page, 'Se connecter').click()
      need((await answered).status() === 401, `attempt ${attempt} was not refused as usual`)
      await alert.waitFor()
      need(!/inconnu|existe/i.test(await alert.innerText()), 'it says whether there is such a student')
    }
    const answered = page.waitForResponse(/students\/login/)
    await button(page, 'Se connecter').click()
    need((await answered).status() === 429, 'the sixth attempt was not limited')
    await page
      .getByText(/\d min\b/)
      .first()
      .waitFor()
    await page.context().close()
  })
}

const browser = await launch()
try {
  const office = await openPage(browser, desk, [])
  await loginAs(office, admin())
  await logOuts(browser)
  await othersPages(browser)
  await firstPassword(browser, office)
  await results(browser, office)
} finally {
  await browser.close()
}

for (const fault of faults) console.error(`FAULT ${fault}`)
process.exitCode = faults.length > 0 ? 1 : 0
