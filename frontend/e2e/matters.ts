import type { Page } from 'playwright-core'
import { settle } from './browser.ts'
import { ask, button, need, openDesk, step } from './marking_steps.ts'

type Look = (page: Page, where: string) => Promise<void>

/** What copies want of the office: reported faces, quarantine, double identities, variants; the bell and the audit log. */
export async function matters(page: Page, office: Page, exam: string, copies: string[], look: Look): Promise<void> {
  const tab = (name: string) => office.getByRole('group', { name: 'Ce qui est à régler' }).getByRole('button', { name })
  const [reported, one, other] = copies.slice(-3) as [string, string, string]

  await step(
    'a corrector reports a face and gives the copy back; the bell tells the office, which sees to it',
    async () => {
      await office.goto('/exams')
      await settle(office)
      await openDesk(page, reported)
      await button(page, 'Signaler la page').click()
      await page.getByLabel('Illisible').click()
      await page.getByLabel('Précision').fill('Page très pâle')
      await page.getByLabel('Rendre la copie').click()
      await look(page, 'desk-report')
      await page.getByRole('dialog').getByRole('button', { name: 'Signaler la page' }).click()
      await page.getByText('L’administration est prévenue.').first().waitFor()
      await office.locator('[data-bell]').click()
      await office.getByText('Un correcteur a signalé une page.').first().waitFor()
      await look(office, 'bell')
      await office.getByText('Un correcteur a signalé une page.').first().click()
      await office.waitForURL(/matters/)
      await office.getByText('Page très pâle').waitFor()
      await look(office, 'matters-reports')
      await office.locator('[data-report]').getByRole('button').first().click()
      await office.locator('[data-report]').waitFor({ state: 'detached' })
    },
  )
  await step('a copy is put in quarantine with a reason, and put back', async () => {
    await office.goto(`/copies/${reported}`)
    await settle(office)
    await button(office, 'Mettre en quarantaine').click()
    await office.getByLabel('Motif').fill('À numériser de nouveau')
    await office.getByRole('dialog').getByRole('button', { name: 'Mettre en quarantaine' }).click()
    await button(office, 'Remettre').waitFor()
    await office.goto(`/exams/${exam}/matters`)
    await office.getByText('À numériser de nouveau').waitFor()
    await look(office, 'matters-quarantine')
    await button(office, /^Remettre et valider/).click()
    await office.locator('[data-quarantine]').waitFor({ state: 'detached' })
    const back = (await ask(office, 'GET', `/api/copies/${reported}/`)).json.copy as { status: string }
    need(back.status === 'READY', `it is ${back.status}`)
  })
  await step('copies are said to answer a variant of the subject', async () => {
    await tab('Variantes du sujet').click()
    await office.locator('tbody [role=checkbox]').first().click()
    await office.getByRole('group', { name: 'Dire la variante' }).getByRole('button', { name: 'Sujet A' }).click()
    await office.getByText('Sujet A · 1').waitFor()
    await look(office, 'matters-variants')
  })
  await step('two copies of one student become one', async () => {
    const ownerOf = async (copy: string) =>
      ((await ask(office, 'GET', `/api/copies/${copy}/`)).json.copy as { student: { id: number } | null }).student?.id
    for (const copy of [one, other]) {
      const report = { page_index: 0, reason: 'NOT_THIS_COPY', send_back: true }
      await ask(page, 'POST', `/api/grading/copies/${copy}/face-reports/`, report)
    }
    // What the header of the second says is whose the first is now.
    const student_id = await ownerOf(other)
    for (const copy of [one, other]) await ask(office, 'POST', `/api/identification/copies/${copy}/unidentify/`)
    const done = await ask(office, 'POST', `/api/identification/copies/${one}/manual-assign/`, { student_id })
    need(done.status === 200, `identification: ${JSON.stringify(done.json)}`)
    for (const copy of [one, other]) await ask(office, 'POST', `/api/exams/copies/${copy}/validate/`)
    await office.goto(`/exams/${exam}/matters`)
    await settle(office)
    await tab('Copies sans nom').click()
    await office.locator('[data-double]').first().waitFor()
    await look(office, 'matters-doubles')
    const { anonymous_id } = (await ask(office, 'GET', `/api/copies/${one}/`)).json.copy as { anonymous_id: string }
    const left = office.locator('[data-double]')
    // While the copies' PDFs are still being made, the exam is busy and says so.
    for (let attempt = 0; attempt < 10 && (await left.count()) > 0; attempt += 1) {
      await left
        .first()
        .getByLabel(/^Réunir/)
        .click()
      await office.getByRole('option', { name: anonymous_id }).click()
      await left.waitFor({ state: 'detached', timeout: 5000 }).catch(() => {})
    }
    const gone = await ask(office, 'GET', `/api/copies/${other}/`)
    need(gone.status === 404, 'both copies are still there')
  })
  await step('the guide of each role is there, and a tour leads through the exam', async () => {
    await office.goto('/help')
    await settle(office)
    await look(office, 'help')
    await office.getByRole('button', { name: 'Élève' }).click()
    await office.getByText('Garder sa copie').waitFor()
    await button(office, 'Visite guidée').click()
    const tour = office.locator('[data-tour]')
    for (let stop = 1; stop < 7; stop += 1) {
      await tour.getByText(`Étape ${stop} sur 7`).waitFor()
      await settle(office)
      if (stop === 2) await look(office, 'tour')
      await tour.getByRole('button', { name: 'Suivant' }).click()
    }
    await tour.getByRole('button', { name: 'Terminer' }).click()
    await tour.waitFor({ state: 'detached' })
  })
  await step('the audit log says who did what', async () => {
    await office.goto('/audit')
    await settle(office)
    await look(office, 'audit')
    await office.getByPlaceholder('exam.create').fill('session.login')
    await office.waitForFunction(() => {
      const rows = [...document.querySelectorAll('tbody tr')]
      return rows.length > 0 && rows.every(row => row.textContent?.includes('session.login'))
    })
  })
}
