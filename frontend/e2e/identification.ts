import type { Page } from 'playwright-core'
import { axeFaults, desk, launch, openPage, settle } from './browser.ts'
import { ask, faults, need, step } from './marking_steps.ts'
import { loginAs } from './pages.ts'
import { admin, colleague } from './settings.ts'

/** Two people of the office find out whose copies they are: by keys alone, and never the same copy. */
interface Copy {
  id: string
  anonymous_id: string
  status: string
  student: { id: number; last_name: string; first_name: string }
}

const browser = await launch()
const complaints: string[] = []

const shown = (page: Page) => page.locator('[data-copy]').innerText()
const counter = (page: Page, left: number) => page.locator('[data-counter]', { hasText: `${left} copie` }).waitFor()
const notice = (page: Page, text: string) => page.locator('[data-notice]', { hasText: text }).waitFor()
/** Nothing is decided before the header is on the screen. */
const ready = (page: Page) => page.locator('[data-ready=true]').waitFor()
const becomes = async (page: Page, title: string) => {
  await page.locator('[data-copy]', { hasText: title }).waitFor()
  await ready(page)
}
const otherThan = async (page: Page, title: string) => {
  await page.waitForFunction(before => {
    const copy = document.querySelector('[data-copy]')?.textContent?.trim()
    return copy && copy !== before
  }, title)
  await ready(page)
}
const figure = (page: Page, name: string) => page.locator(`[data-figure=${name}]`).innerText()

async function open(page: Page, exam: string): Promise<void> {
  await page.goto(`/exams/${exam}/identify`)
  await ready(page)
  await settle(page)
}

/** Everybody's copy is nobody's; whose each is, by what is shown of it. */
async function emptied(page: Page, exam: string): Promise<Map<string, Copy>> {
  const { json } = await ask(page, 'GET', `/api/exams/${exam}/copies/`)
  const copies = json.results as Copy[]
  for (const { id } of copies) {
    const { status } = await ask(page, 'POST', `/api/identification/copies/${id}/unidentify/`)
    need(status === 200, `an identity was not taken away: ${status}`)
  }
  return new Map(copies.map(copy => [`Copie ${copy.anonymous_id}`, copy]))
}

const nameOf = ({ student }: Copy) => `${student.last_name} ${student.first_name}`

/** The figure of the candidate who it is; else by search. */
async function identify(page: Page, copy: Copy): Promise<void> {
  await ready(page)
  const names = await page.locator('[data-candidate]').allInnerTexts()
  const at = names.findIndex(text => text.includes(nameOf(copy)))
  if (at >= 0) await page.keyboard.press(String(at + 1))
  else await search(page, copy, nameOf(copy))
  await notice(page, `Copie ${copy.anonymous_id} : ${nameOf(copy)}`)
}

async function search(page: Page, copy: Copy, text: string): Promise<void> {
  await page.keyboard.press('/')
  await page.keyboard.type(text)
  await page.locator('[data-found]', { hasText: nameOf(copy) }).waitFor()
  await page.keyboard.press('ArrowDown')
  await page.locator('[data-found]:focus', { hasText: nameOf(copy) }).waitFor()
  await page.keyboard.press('Enter')
}

/** Waits until the copy on this page is the only one that somebody has. */
async function left(page: Page, exam: string): Promise<void> {
  let held = 0
  for (let tries = 0; tries < 20; tries += 1) {
    const { json } = await ask(page, 'GET', `/api/identification/desk/?exam=${exam}`)
    held = (json.results as { held_by: unknown }[]).filter(entry => entry.held_by).length
    if (held === 1) return
    await page.waitForTimeout(500)
  }
  throw new Error(`${held} copies are held after the colleague has left`)
}

/** The longest word of a name, without accents, two letters in each other's place. */
function misspelled(name: string): string {
  const plain = name.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
  const [word] = plain.split(/[^a-z]+/).sort((one, other) => other.length - one.length)
  return word![0]! + word![2]! + word![1]! + word!.slice(3)
}

try {
  const page = await openPage(browser, desk, complaints)
  await loginAs(page, admin())
  const { json } = await ask(page, 'GET', '/api/exams/')
  const exam = (json.results as { id: string; status: string }[]).find(one => one.status === 'READY')!.id
  const copies = await emptied(page, exam)
  const total = copies.size
  const other = await openPage(browser, desk, complaints)
  await loginAs(other, colleague())

  await step('the header is shown with its fields marked, candidates with their reasons', async () => {
    await open(page, exam)
    await counter(page, total)
    await page.locator('svg rect[data-field]').first().waitFor({ state: 'attached' })
    need((await page.locator('[data-candidate]').first().locator('[data-reason]').count()) > 0, 'nobody says why')
    const found = await axeFaults(page)
    need(found.length === 0, found.join('; '))
  })
  await step('a colleague is offered another copy, and each sees the other', async () => {
    await open(other, exam)
    need((await shown(other)) !== (await shown(page)), 'both have the same copy')
    await other.locator('[data-person]', { hasText: 'au bureau' }).waitFor()
  })
  await step('the keys are shown', async () => {
    await page.keyboard.press('?')
    await page.locator('[data-keys]', { hasText: 'Pas sur la liste' }).waitFor()
    await page.keyboard.press('Escape')
    await page.locator('[data-keys]').waitFor({ state: 'detached' })
  })
  await step('a figure identifies, and it is taken back', async () => {
    const first = await shown(page)
    await page.keyboard.press('1')
    await notice(page, first)
    await counter(page, total - 1)
    await page.keyboard.press('Control+z')
    await notice(page, 'Identification annulée')
    await becomes(page, first)
    await counter(page, total)
  })
  await step('copies are skipped and come back', async () => {
    const first = await shown(page)
    await page.keyboard.press('ArrowRight')
    await otherThan(page, first)
    need((await shown(page)) !== (await shown(other)), 'the colleague’s copy was offered')
    await page.keyboard.press('ArrowLeft')
    await becomes(page, first)
  })
  await step(
    'a copy is set apart with a reason, or for its student is not on the roster, and both are taken back',
    async () => {
      const first = await shown(page)
      await page.keyboard.press('x')
      await page.getByRole('dialog').locator('input').waitFor()
      await page.keyboard.type('Deux noms')
      await page.keyboard.press('Enter')
      await notice(page, 'Deux noms')
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.keyboard.press('Control+z')
      await becomes(page, first)
      await page.keyboard.press('n')
      await notice(page, 'Pas sur la liste')
      await page.keyboard.press('Control+z')
      await becomes(page, first)
      await counter(page, total)
    },
  )
  await step('a student is found whose name is misspelled', async () => {
    const copy = copies.get(await shown(page))!
    await search(page, copy, misspelled(copy.student.last_name))
    await notice(page, nameOf(copy))
  })
  await step('what a colleague has decided meanwhile stays, and is told', async () => {
    const title = await shown(other)
    const mine = copies.get(title)!
    const path = `/api/identification/copies/${mine.id}/manual-assign/`
    const { status } = await ask(page, 'POST', path, { student_id: mine.student.id })
    need(status === 200, `the first decision was refused: ${status}`)
    const open = await shown(page)
    complaints.length = 0
    await search(other, copies.get(open)!, nameOf(copies.get(open)!))
    await notice(other, 'a identifié cette copie')
    await notice(other, nameOf(mine))
    await otherThan(other, title)
    // The browser notes every refusal of the server; this one is the point.
    const noted = complaints.splice(0)
    need(noted.length === 1 && noted[0]!.includes('409'), noted.join('; '))
  })
  await step('what is left is identified to the end, and summed up', async () => {
    await other.keyboard.press('s')
    await other.locator('[data-summary]').waitFor()
    need((await figure(other, 'identified')) === '0', 'another’s decision was counted')
    await other.goto('/exams')
    await settle(other)
    await left(page, exam)
    for (let open = total - 2; open > 0; open -= 1) {
      await counter(page, open)
      await identify(page, copies.get(await shown(page))!)
    }
    await page.locator('[data-summary]').waitFor()
    await page.getByText('Tout est identifié').waitFor()
    need((await figure(page, 'identified')) === String(total - 1), `${await figure(page, 'identified')} were counted`)
    const found = await axeFaults(page)
    need(found.length === 0, found.join('; '))
  })
  await step('every copy is its writer’s', async () => {
    const { json } = await ask(page, 'GET', `/api/exams/${exam}/copies/`)
    for (const { anonymous_id, status, student } of json.results as Copy[]) {
      const whose = copies.get(`Copie ${anonymous_id}`)!.student.id
      need(status === 'READY' && student.id === whose, `${anonymous_id} is ${status}, and ${student?.last_name}'s`)
    }
  })
} finally {
  await browser.close()
}

for (const complaint of [...faults, ...complaints]) console.error(`FAULT ${complaint}`)
process.exitCode = faults.length + complaints.length > 0 ? 1 : 0
