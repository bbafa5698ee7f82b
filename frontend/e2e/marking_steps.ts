import type { Page } from 'playwright-core'

/** What went wrong on the walk; it goes on, so that one fault does not hide the next. */
export const faults: string[] = []

export async function step(what: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
    console.log(what)
  } catch (error) {
    faults.push(`${what}: ${(error as Error).message.split('\n').slice(0, 6).join(' | ')}`)
    console.log(`FAULT ${faults.at(-1)}`)
  }
}

export function need(condition: unknown, what: string): asserts condition {
  if (!condition) throw new Error(what)
}

export const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
export const saved = (page: Page, state = 'there') => page.locator(`[data-save=${state}]`).waitFor({ timeout: 60_000 })
export const keptHere = (page: Page) => page.locator('[data-save][data-kept=true]').waitFor({ timeout: 60_000 })
export const marksShown = (page: Page, count: number) =>
  page.waitForFunction(wanted => document.querySelectorAll('[data-mark]').length === wanted, count)
export const points = (page: Page, label: string) => page.getByLabel(new RegExp(`^Points de ${label},`))
export const face = (page: Page, index = 0) => page.locator(`[data-face="${index}"] .face`)

export interface Answer {
  status: number
  json: Record<string, unknown>
}

/** A request as a script makes it, with the page's session. */
export function ask(page: Page, method: string, path: string, body?: object, headers = {}): Promise<Answer> {
  return page.evaluate(
    async ([method, path, body, headers]) => {
      const { csrf_token } = (await (await fetch('/api/csrf/')).json()) as { csrf_token: string }
      const all = { 'Content-Type': 'application/json', 'X-CSRFToken': csrf_token, ...(headers as object) }
      const answer = await fetch(path as string, {
        ...{ method: method as string, headers: all },
        body: body ? JSON.stringify(body) : undefined,
      })
      return { status: answer.status, json: (await answer.json().catch(() => ({}))) as Record<string, unknown> }
    },
    [method, path, body, headers] as const,
  )
}

export async function openDesk(page: Page, copy: string): Promise<void> {
  await page.goto(`/copies/${copy}/mark`)
  await page.locator('[data-desk] .face img').first().waitFor({ timeout: 60_000 })
}

export async function scoresOf(page: Page, copy: string): Promise<Record<string, number>> {
  return (await ask(page, 'GET', `/api/grading/copies/${copy}/scores/`)).json.scores_data as Record<string, number>
}

/** Waits until the server holds these points for a question. */
export async function arrived(page: Page, copy: string, question: string, given: number): Promise<void> {
  for (let tries = 0; tries < 60; tries += 1) {
    if ((await scoresOf(page, copy))[question] === given) return
    await page.waitForTimeout(500)
  }
  throw new Error(`the points of ${question} did not arrive`)
}

export interface Leaf {
  id: string
  points: number
  children?: Leaf[]
}

const leaves = (tree: Leaf[]): Leaf[] => tree.flatMap(node => (node.children?.length ? leaves(node.children) : [node]))

/** Half of the points of every question, by the API, and the copy is finished. */
export async function markWhole(office: Page, exam: string, copy: string): Promise<void> {
  const { grading_structure } = (await ask(office, 'GET', `/api/exams/${exam}/`)).json as { grading_structure: Leaf[] }
  const path = `/api/grading/copies/${copy}/`
  await ask(office, 'POST', `/api/copies/${copy}/force-unlock/`)
  const lock = await ask(office, 'POST', `${path}lock/`, {})
  const key = { 'X-Lock-Token': String(lock.json.token) }
  const scores_data = Object.fromEntries(leaves(grading_structure).map(leaf => [leaf.id, leaf.points / 2]))
  await ask(office, 'PUT', `${path}scores/`, { scores_data }, key)
  const done = await ask(office, 'POST', `${path}finalize/`, undefined, key)
  need(done.status === 200, `the copy was not finalised: ${JSON.stringify(done.json)}`)
}
