import { basename } from 'node:path'
import { desk, dropFiles, launch, openPage } from './browser.ts'
import { admin, demo } from './settings.ts'

/** What a new user may have to do from the log-in page to the report of an own upload. */
const allowed = 8
/** Milliseconds a batch may take on a slow machine. */
const patience = 15 * 60_000

const complaints: string[] = []
let actions = 0

/** One thing a person does: a click, a field filled in, files dropped. */
async function act(what: string, action: () => Promise<unknown>): Promise<void> {
  actions += 1
  await action()
  console.log(`${actions}. ${what}`)
}

const browser = await launch()
try {
  const { username, password } = admin()
  const { pdf, roster } = demo()
  const page = await openPage(browser, desk, complaints)
  await page.goto('/')
  await act('choose the portal of staff', () => page.getByRole('link', { name: /Personnel/ }).click())
  await act('type the user name', () => page.getByLabel('Identifiant ou adresse e-mail').fill(username))
  await act('type the password', () => page.getByLabel('Mot de passe').fill(password))
  await act('log in', () => page.getByRole('button', { name: 'Se connecter' }).click())
  await act('new exam', () => page.getByRole('link', { name: 'Nouvel examen' }).first().click())
  const zone = '[data-drop]'
  await page.locator(zone).waitFor()
  await act(`drop ${basename(pdf)} and ${basename(roster)}`, () => dropFiles(page, zone, [pdf, roster]))
  await act('start', () => page.getByRole('button', { name: 'Lancer le traitement' }).click())
  await page.waitForURL(/\/exams\/[\w-]+\/processing/, { timeout: patience })
  console.log('   … processing')
  await page.waitForURL(/\/exams\/[\w-]{36}$/, { timeout: patience })
  await page.getByRole('region', { name: 'Copies' }).waitFor()
  const cards = await page.locator('a[href^="/copies/"]').count()
  console.log(`   the report shows ${cards} copies after ${actions} actions`)
  if (cards === 0) complaints.push('the report shows no copies')
  if (actions > allowed) complaints.push(`${actions} actions, more than ${allowed}`)
} finally {
  await browser.close()
}

for (const complaint of complaints) console.error(`FAULT ${complaint}`)
process.exitCode = complaints.length > 0 ? 1 : 0
