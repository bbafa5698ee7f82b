import { resolve } from 'node:path'

function need(name: string): string {
  const value = process.env[name]
  if (!value) {
    console.error(`${name} is not set. See frontend/README.md for what the walks need.`)
    process.exit(2)
  }
  return value
}

/** Where the server is, and with which accounts and files to walk through it. */
export const server = process.env.KORRIGO_URL ?? 'http://127.0.0.1:8088'
export const chromium = process.env.KORRIGO_CHROMIUM ?? '/usr/bin/chromium'
export const admin = () => ({ username: need('KORRIGO_ADMIN'), password: need('KORRIGO_ADMIN_PASSWORD') })
/** A second person of the office. */
export const colleague = () => ({ username: need('KORRIGO_COLLEAGUE'), password: need('KORRIGO_COLLEAGUE_PASSWORD') })
export const teacher = () =>
  process.env.KORRIGO_TEACHER
    ? { username: process.env.KORRIGO_TEACHER, password: need('KORRIGO_TEACHER_PASSWORD') }
    : undefined
export const student = () =>
  process.env.KORRIGO_STUDENT ? { email: process.env.KORRIGO_STUDENT, born: need('KORRIGO_STUDENT_BORN') } : undefined
export const demo = () => ({ pdf: resolve(need('KORRIGO_PDF')), roster: resolve(need('KORRIGO_ROSTER')) })
