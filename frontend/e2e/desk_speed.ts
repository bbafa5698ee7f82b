import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { desk, launch, openPage, settle } from './browser.ts'
import { loginAs } from './pages.ts'
import { admin, teacher } from './settings.ts'

/**
 * How quick the desk is on copies of 12 faces (KORRIGO_LONG_COPY, a PDF of one): milliseconds until the next copy is on
 * the screen, from a pen's event to its drawn ink, and to the next paint; between two frames while all faces are
 * scrolled through.
 */
const allowed = { next: 200, ink: 8, paint: 50, frame: 50 }
const copies = 4

const p95 = (values: number[]) => values.toSorted((a, b) => a - b)[Math.ceil(values.length * 0.95) - 1] ?? Infinity

/** An exam of individual copies, given to the corrector; ids of the copies. */
async function prepare(page: Page): Promise<string[]> {
  const pdf = readFileSync(process.env.KORRIGO_LONG_COPY!).toString('base64')
  return page.evaluate(
    async ({ pdf, copies, name }) => {
      const { csrf_token } = (await (await fetch('/api/csrf/')).json()) as { csrf_token: string }
      const call = async (method: string, path: string, body?: object | FormData) => {
        const json = body && !(body instanceof FormData)
        const headers = { 'X-CSRFToken': csrf_token, ...(json ? { 'Content-Type': 'application/json' } : {}) }
        const answer = await fetch(path, { method, headers, body: json ? JSON.stringify(body) : (body as FormData) })
        return (await answer.json().catch(() => ({}))) as unknown
      }
      const structure = Array.from({ length: 20 }, (_, index) => ({
        id: `q${index}`,
        label: `${index + 1}`,
        points: 1,
      }))
      const fields = {
        name: 'Copies longues',
        date: '2026-06-18',
        upload_mode: 'INDIVIDUAL_A4',
        grading_structure: structure,
      }
      const exam = (await call('POST', '/api/exams/', fields)) as { id: string }
      const form = new FormData()
      const bytes = Uint8Array.from(atob(pdf), letter => letter.charCodeAt(0))
      // A comment at the end makes each a file of its own.
      for (let index = 0; index < copies; index += 1)
        form.append('pdf_files', new Blob([bytes, `\n%${index}`]), `c${index}.pdf`)
      const { task_id } = (await call('POST', `/api/exams/${exam.id}/upload-individual-pdfs/`, form)) as {
        task_id: string
      }
      for (let wait = 0; wait < 240; wait += 1) {
        const task = (await call('GET', `/api/tasks/${task_id}/status/`)) as { status: string }
        if (task.status === 'SUCCESS') break
        if (task.status === 'FAILURE') throw new Error(JSON.stringify(task))
        await new Promise(resolve => setTimeout(resolve, 500))
      }
      await call('POST', `/api/exams/${exam.id}/validate-all/`)
      const users = (await call('GET', `/api/users/?search=${name}`)) as { results: { id: number }[] }
      await call('PUT', `/api/exams/${exam.id}/correctors/`, { corrector_ids: [users.results[0]!.id] })
      await call('POST', `/api/exams/${exam.id}/dispatch/`, {})
      const list = (await call('GET', `/api/exams/${exam.id}/copies/`)) as { results: { id: string }[] }
      return list.results.map(copy => copy.id)
    },
    { pdf, copies, name: teacher()!.username },
  )
}

/** Milliseconds on a copy before the next is asked for: nobody leaves one sooner. */
const leastStay = 1000

/** From the key to the first frame that shows the next copy with its first two faces. */
async function nextCopy(page: Page): Promise<number> {
  await page.waitForTimeout(leastStay)
  return page.evaluate(
    () =>
      new Promise<number>(resolve => {
        const from = performance.now()
        const faces = () => [...document.querySelectorAll<HTMLImageElement>('.face img')].slice(0, 2)
        const before = new Set(faces().map(image => image.src))
        dispatchEvent(new KeyboardEvent('keydown', { key: 'n' }))
        const look = () => {
          const now = faces()
          const stands = now.length === 2 && now.every(image => image.complete && !before.has(image.src))
          if (stands) resolve(performance.now() - from)
          else requestAnimationFrame(look)
        }
        requestAnimationFrame(look)
      }),
  )
}

/** Every pointer event of some strokes: time in its handlers, and until the frame after it. */
async function draw(page: Page): Promise<{ ink: number[]; paint: number[] }> {
  await page.keyboard.press('d')
  await page.evaluate(() => {
    const seen = { ink: [] as number[], paint: [] as number[] }
    Object.assign(window, { seen })
    let begun = 0
    addEventListener('pointermove', () => (begun = performance.now()), { capture: true })
    addEventListener('pointermove', event => {
      if (!event.buttons) return
      seen.ink.push(performance.now() - begun)
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => seen.paint.push(performance.now() - event.timeStamp)
      requestAnimationFrame(() => port2.postMessage(0))
    })
  })
  const box = (await page.locator('.face').first().boundingBox())!
  for (let stroke = 0; stroke < 12; stroke += 1) {
    const y = box.y + 120 + stroke * 36
    await page.mouse.move(box.x + 100, y)
    await page.mouse.down()
    for (let step = 1; step <= 60; step += 1) await page.mouse.move(box.x + 100 + step * 6, y + 10 * Math.sin(step / 4))
    await page.mouse.up()
  }
  return page.evaluate(() => (window as unknown as { seen: { ink: number[]; paint: number[] } }).seen)
}

/** From the first face to the last by the wheel: the time between each two frames. */
async function scroll(page: Page): Promise<number[]> {
  const box = (await page.locator('.face').first().boundingBox())!
  await page.mouse.move(box.x + 200, box.y + 200)
  await page.evaluate(() => {
    const frames: number[] = []
    Object.assign(window, { frames })
    let before = performance.now()
    const look = (now: number) => {
      frames.push(now - before)
      before = now
      requestAnimationFrame(look)
    }
    requestAnimationFrame(look)
  })
  for (let turn = 0; turn < 160; turn += 1) {
    await page.mouse.wheel(0, 100)
    await page.waitForTimeout(16)
  }
  await page.locator('.face').last().locator('img').waitFor()
  return page.evaluate(() => (window as unknown as { frames: number[] }).frames.slice(2))
}

const browser = await launch()
try {
  const office = await openPage(browser, desk, [])
  await loginAs(office, admin())
  const ids = await prepare(office)
  await office.context().close()
  const page = await openPage(browser, desk, [])
  await loginAs(page, teacher()!)
  await page.goto(`/copies/${ids[0]}/mark`)
  await page.locator('.face img').nth(11).waitFor({ timeout: 60_000 })
  await settle(page)
  const { ink, paint } = await draw(page)
  const next = [await nextCopy(page), await nextCopy(page), await nextCopy(page)]
  const frames = await scroll(page)
  const figures = { next: Math.max(...next), ink: p95(ink), paint: p95(paint) }
  console.log(`next copy of 12 faces: ${next.map(Math.round).join(', ')} ms (at most ${allowed.next})`)
  console.log(
    `pen event to drawn ink: p95 ${figures.ink.toFixed(2)} ms of ${ink.length} events (at most ${allowed.ink})`,
  )
  console.log(`pen event to next paint: p95 ${figures.paint.toFixed(1)} ms (at most ${allowed.paint})`)
  const late = frames.filter(gap => gap > allowed.frame).length
  console.log(
    `scrolling: ${frames.length} frames, p95 ${p95(frames).toFixed(0)} ms, ${late} after more than ${allowed.frame} ms (longest ${Math.max(...frames).toFixed(0)})`,
  )
  // Other programs run too: only what is far off is a fault.
  process.exitCode = figures.next > 5 * allowed.next || figures.ink > 2 * allowed.ink ? 1 : 0
} finally {
  await browser.close()
}
