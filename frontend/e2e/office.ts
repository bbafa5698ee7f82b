import type { Page } from 'playwright-core'
import { desk, dropFiles, launch, openPage, settle } from './browser.ts'
import { loginAs, removeExam } from './pages.ts'
import { admin, demo } from './settings.ts'

/** A day at the office: each act is done on its page and seen to have happened; an error's toast or a complaint of the browser is a fault. */
const complaints: string[] = []
/** How what went well is announced. */
const good = /(annulée?|rétablie?|enregistrés\.|Import terminé[\s\S]*)$/
const browser = await launch()

async function step(page: Page, what: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act()
    await settle(page)
    console.log(what)
  } catch (error) {
    complaints.push(`${what}: ${(error as Error).message.split('\n').slice(0, 4).join(' | ')}`)
    await page.keyboard.press('Escape')
  }
  for (const alert of await page.locator('[role=alert]').allInnerTexts()) {
    if (!good.test(alert.trim())) complaints.push(`${what}: "${alert}"`)
  }
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name })
const dialog = (page: Page) => page.getByRole('dialog')

async function people(page: Page): Promise<void> {
  const tag = Date.now().toString(36).replace(/\d/g, 'z')
  await step(page, 'an account is made, with a password shown once', async () => {
    await page.goto('/users')
    await button(page, 'Nouveau compte').click()
    await page.getByLabel('Identifiant').fill(`prof.${tag}`)
    await page.getByLabel('Adresse e-mail').fill(`prof.${tag}@lycee.example.org`)
    await button(page, 'Enregistrer').click()
    await page.getByText(`Mot de passe provisoire de prof.${tag}`).waitFor()
    await button(page, 'C’est noté').click()
    await page.getByRole('row', { name: `prof.${tag}` }).waitFor()
  })
  await step(page, 'the account is switched off', async () => {
    await button(page, `Actions pour prof.${tag}`).click()
    await page.getByRole('menuitem', { name: 'Désactiver' }).click()
    await dialog(page).getByRole('button', { name: 'Désactiver' }).click()
    await page
      .getByRole('row', { name: `prof.${tag}` })
      .getByText('Désactivé')
      .waitFor()
  })
  await step(page, 'a student is added', async () => {
    await page.goto('/students')
    await button(page, 'Nouvel élève').click()
    await page.getByLabel('Nom', { exact: true }).fill(`Aab${tag}`)
    await page.getByLabel('Prénom').fill('Zoé')
    await page.getByLabel('Date de naissance').fill('2008-02-29')
    await button(page, 'Enregistrer').click()
    await page.getByRole('row', { name: `Aab${tag}` }).waitFor()
  })
  await step(page, 'and removed', async () => {
    await button(page, new RegExp(`Actions pour .*Aab${tag}`)).click()
    await page.getByRole('menuitem', { name: 'Supprimer' }).click()
    await dialog(page).getByRole('button', { name: 'Supprimer' }).click()
    await page.getByRole('row', { name: `Aab${tag}` }).waitFor({ state: 'detached' })
  })
  await step(page, 'a list of students is imported', async () => {
    await button(page, 'Importer une liste').click()
    await dialog(page).locator('input[type=file]').setInputFiles(demo().roster)
    await page.getByText('Import terminé').waitFor()
    await button(page, 'Fermer').last().click()
  })
}

async function settings(page: Page): Promise<void> {
  await step(page, 'a setting is kept', async () => {
    await page.goto('/settings')
    await page.getByLabel('Nom de l’établissement').fill('Lycée de la Mer')
    await button(page, 'Enregistrer').click()
    await page.getByText('Réglages enregistrés.').first().waitFor()
    await page.reload()
    await settle(page)
    const kept = await page.getByLabel('Nom de l’établissement').inputValue()
    if (kept !== 'Lycée de la Mer') throw new Error(`the name is "${kept}"`)
  })
}

async function copies(page: Page, exam: string): Promise<void> {
  await step(page, 'a copy is opened from the report, page by page', async () => {
    await page.goto(`/exams/${exam}`)
    await page.locator('a[href^="/copies/"]').first().click()
    await page.locator('main img, main canvas').first().waitFor()
  })
  await step(page, 'an identity is taken away', async () => {
    await button(page, 'Retirer l’identité').click()
    await button(page, 'Retirer l’identité').waitFor({ state: 'detached' })
  })
  await step(page, 'and given again at the desk, which takes it back', async () => {
    await page.goto(`/exams/${exam}/identify`)
    await settle(page)
    const counter = page.locator('[data-counter]')
    const before = await counter.innerText()
    await page.locator('ol button').first().click()
    await page.locator('[data-notice]').waitFor()
    await button(page, 'Annuler la dernière étape').click()
    await counter.getByText(before).waitFor()
    await button(page, 'Annuler la dernière étape').click()
    await page.getByText('Identité rétablie').first().waitFor()
  })
  await step(page, 'a face is turned, a booklet cut, and both undone', async () => {
    await page.goto(`/exams/${exam}/staple`)
    await settle(page)
    const faces = page.locator('ol button')
    const booklets = await page.locator('main section').count()
    await faces.nth(2).click()
    await button(page, 'Tourner à droite').click()
    await settle(page)
    await faces.nth(2).click()
    await button(page, 'Couper ici').click()
    await page.waitForFunction(count => document.querySelectorAll('main section').length > count, booklets)
    await button(page, 'Annuler la dernière étape').click()
    await page.waitForFunction(count => document.querySelectorAll('main section').length === count, booklets)
    await button(page, 'Annuler la dernière étape').click()
  })
}

/** A slow line, a pause, the page loaded anew: the bytes that the server has are not sent again. */
async function interrupted(page: Page): Promise<void> {
  const { pdf, roster } = demo()
  await step(page, 'an upload that was interrupted goes on where it was', async () => {
    const line = await page.context().newCDPSession(page)
    const slow = { offline: false, latency: 5, downloadThroughput: -1, uploadThroughput: 300_000 }
    await line.send('Network.emulateNetworkConditions', slow)
    await page.goto('/exams/new')
    await page.locator('[data-drop]').waitFor()
    await dropFiles(page, '[data-drop]', [pdf, roster])
    await button(page, /Mettre en pause l’envoi/).click()
    await button(page, /Reprendre l’envoi/).waitFor()
    await page.reload()
    await page.getByText('Un envoi interrompu a été retrouvé').waitFor()
    await line.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 })
    await page.getByText('envoyé').waitFor({ timeout: 120_000 })
    await button(page, 'Lancer le traitement').click()
    await page.waitForURL(/\/exams\/[\w-]{36}$/, { timeout: 15 * 60_000 })
    const exam = new URL(page.url()).pathname.split('/')[2]!
    await page.getByRole('region', { name: 'Copies' }).waitFor({ timeout: 60_000 })
    await removeExam(page, exam)
  })
}

try {
  const page = await openPage(browser, desk, complaints)
  await loginAs(page, admin())
  const exams = await page.evaluate(
    async () => (await fetch('/api/exams/')).json() as Promise<{ results: { id: string }[] }>,
  )
  await people(page)
  await settings(page)
  await copies(page, exams.results[0]!.id)
  await interrupted(page)
} finally {
  await browser.close()
}

for (const complaint of complaints) console.error(`FAULT ${complaint}`)
process.exitCode = complaints.length > 0 ? 1 : 0
