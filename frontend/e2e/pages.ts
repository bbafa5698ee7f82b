import type { Page } from 'playwright-core'
import { settle } from './browser.ts'
import type { admin, student } from './settings.ts'

/** A page as it is looked at: how it is called, and how to come to it. */
export interface Stop {
  name: string
  go: (page: Page) => Promise<unknown>
}

/** Pages of whoever is not logged in. */
export const publicStops: Stop[] = [
  { name: 'portal', go: page => page.goto('/login') },
  { name: 'staff-login', go: page => page.goto('/login/staff') },
  { name: 'student-login', go: page => page.goto('/login/student') },
]

/** Pages of an admin; those of an exam are those of the first one that has copies, when there is one. */
export async function adminStops(page: Page): Promise<Stop[]> {
  const stops: Stop[] = [
    { name: 'exams', go: p => p.goto('/exams') },
    { name: 'exam-new', go: p => p.goto('/exams/new') },
    { name: 'students', go: p => p.goto('/students') },
    { name: 'students-import', go: openImport },
    { name: 'users', go: p => p.goto('/users') },
    { name: 'users-new', go: openUserForm },
    { name: 'tasks', go: p => p.goto('/tasks') },
    { name: 'audit', go: p => p.goto('/audit') },
    { name: 'settings', go: p => p.goto('/settings') },
    { name: 'help', go: p => p.goto('/help') },
    { name: 'bell', go: openBell },
    { name: 'account', go: p => p.goto('/account') },
    { name: 'not-found', go: p => p.goto('/nothing-here') },
  ]
  const exams = (await ask(page, '/api/exams/')) as { results: { id: string; copies_count: number; status: string }[] }
  const exam = exams.results.find(one => one.copies_count > 0)
  if (exam) {
    const report = (await ask(page, `/api/exams/${exam.id}/intake-report/`)) as { copies: { id: string }[] }
    stops.push(
      { name: 'report', go: p => p.goto(`/exams/${exam.id}`) },
      { name: 'staple', go: p => p.goto(`/exams/${exam.id}/staple`) },
      { name: 'identify', go: p => p.goto(`/exams/${exam.id}/identify`) },
      { name: 'copy', go: p => p.goto(`/copies/${report.copies[0]?.id}`) },
      { name: 'bareme', go: p => p.goto(`/exams/${exam.id}/bareme`) },
      { name: 'bareme-versions', go: p => openBaremeVersions(p, exam.id) },
      { name: 'documents', go: p => p.goto(`/exams/${exam.id}/documents`) },
      { name: 'matters', go: p => p.goto(`/exams/${exam.id}/matters`) },
      { name: 'variants', go: p => openVariants(p, exam.id) },
      { name: 'light-table', go: p => openLightTable(p, exam.id) },
      { name: 'marking', go: p => p.goto(`/exams/${exam.id}/marking`) },
      { name: 'exam-results', go: p => p.goto(`/exams/${exam.id}/results`) },
      { name: 'statistics', go: p => p.goto(`/exams/${exam.id}/statistics`) },
      { name: 'desk-office', go: p => openDesk(p, report.copies[0]!.id) },
    )
  }
  for (const status of ['PROCESSING', 'ERROR']) {
    const one = exams.results.find(other => other.status === status)
    if (one) stops.push({ name: status.toLowerCase(), go: p => p.goto(`/exams/${one.id}/processing`) })
  }
  return stops
}

/** Pages of a corrector; those of the desk are there when copies are. */
export async function teacherStops(page: Page): Promise<Stop[]> {
  const stops: Stop[] = [{ name: 'my-copies', go: p => p.goto('/copies') }]
  const copies = (await ask(page, '/api/copies/')) as { results: { id: string; status: string }[] }
  // The first one may still be the office's, whose desk was looked at before.
  const copy = copies.results.findLast(one => one.status !== 'GRADED')
  if (!copy) return stops
  return [
    ...stops,
    { name: 'desk', go: p => openDesk(p, copy.id) },
    { name: 'desk-history', go: p => openDesk(p, copy.id).then(() => openFromBar(p, 'history')) },
    { name: 'desk-report', go: p => openDesk(p, copy.id).then(() => openFromBar(p, 'report')) },
    { name: 'teacher-help', go: p => p.goto('/help') },
    { name: 'desk-keys', go: p => openDesk(p, copy.id).then(() => p.keyboard.press('?')) },
    { name: 'desk-comment', go: p => openDesk(p, copy.id).then(() => beginComment(p)) },
    // The last one: what is open beside a copy stays open for the next.
    { name: 'desk-documents', go: p => openDesk(p, copy.id).then(() => p.keyboard.press('s')) },
  ]
}

async function openDesk(page: Page, copy: string) {
  await page.goto(`/copies/${copy}/mark`)
  await page.locator('[data-desk] .face img').first().waitFor()
}

async function openBell(page: Page) {
  await page.goto('/exams')
  await settle(page)
  await page.locator('[data-bell]').click()
}

async function openBaremeVersions(page: Page, exam: string) {
  await page.goto(`/exams/${exam}/bareme`)
  await settle(page)
  await page.locator('main header button').nth(1).click()
}

async function openVariants(page: Page, exam: string) {
  await page.goto(`/exams/${exam}/matters`)
  await settle(page)
  await page.locator('main [role=group] button').last().click()
}

/** Without a barème there is nothing to lay on the table. */
async function openLightTable(page: Page, exam: string) {
  await page.goto(`/exams/${exam}/light-table`)
  await settle(page)
  if (await page.locator('[data-light]').count()) await page.locator('[data-light] img').first().waitFor()
}

/** What a button of the desk's bar opens; a phone has them in a menu. */
async function openFromBar(page: Page, what: 'report' | 'history') {
  const button = page.locator(`[data-opens=${what}]`)
  if (await button.isVisible()) {
    await button.click()
  } else {
    await page.locator('[data-opens=more]').click()
    await page.getByRole('menuitem').nth({ report: 1, history: 2 }[what]).click()
  }
  await page.getByRole('dialog').waitFor()
}

async function beginComment(page: Page) {
  await page.locator('[data-tool=comment]').click()
  await page
    .locator('.face')
    .first()
    .click({ position: { x: 60, y: 160 } })
  await page.getByRole('dialog').waitFor()
}

/** Pages of a student; the marked copy is there when results are out. */
export async function studentStops(page: Page): Promise<Stop[]> {
  const stops: Stop[] = [{ name: 'results', go: p => p.goto('/results') }]
  const copies = (await ask(page, '/api/students/copies/')) as { results: { id: string }[] }
  const copy = copies.results[0]
  return copy ? [...stops, { name: 'marked-copy', go: p => p.goto(`/results/${copy.id}`) }] : stops
}

export async function loginAs(page: Page, account: ReturnType<typeof admin>): Promise<void> {
  await page.goto('/login/staff')
  await page.locator('input[autocomplete=username]').fill(account.username)
  await page.locator('input[type=password]').fill(account.password)
  await enter(page)
}

export async function loginAsStudent(page: Page, account: NonNullable<ReturnType<typeof student>>): Promise<void> {
  await page.goto('/login/student')
  await page.locator('input[autocomplete=username]').fill(account.email)
  await page.locator('input[autocomplete=bday]').fill(account.born)
  await enter(page)
}

async function enter(page: Page) {
  await page.locator('button[type=submit]').click()
  await page.waitForURL(url => !url.pathname.startsWith('/login'))
  await settle(page)
}

async function openImport(page: Page) {
  await page.goto('/students')
  await settle(page)
  await page.locator('main header button').last().click()
}

async function openUserForm(page: Page) {
  await page.goto('/users')
  await settle(page)
  await page.locator('main header button').first().click()
}

function ask(page: Page, path: string): Promise<unknown> {
  return page.evaluate(async url => (await fetch(url)).json(), path)
}

/** From a page that does not show the exam; its last task may still be putting its things away. */
export async function removeExam(page: Page, exam: string): Promise<void> {
  await page.goto('/settings')
  await settle(page)
  const status = await page.evaluate(async id => {
    const { csrf_token } = (await (await fetch('/api/csrf/')).json()) as { csrf_token: string }
    for (let attempt = 0; ; attempt += 1) {
      const answer = await fetch(`/api/exams/${id}/`, { method: 'DELETE', headers: { 'X-CSRFToken': csrf_token } })
      if (answer.status !== 409 || attempt === 20) return answer.status
      await new Promise(resolve => setTimeout(resolve, 500))
    }
  }, exam)
  if (status !== 204) throw new Error(`the exam was not removed: ${status}`)
}
