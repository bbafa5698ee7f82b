import { useI18n } from '@/i18n'

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const

/** Dates, numbers, sizes and durations in the language of the page. Missing values are shown as a dash. */
export function useFormat() {
  const { locale } = useI18n()

  /** `YYYY-MM-DD` is a day without a time zone; anything else is an instant. */
  function date(value?: string | null): string {
    if (!value) return '–'
    const day = /^\d{4}-\d{2}-\d{2}$/.test(value)
    return new Intl.DateTimeFormat(locale.value, { dateStyle: 'medium', timeZone: day ? 'UTC' : undefined }).format(
      new Date(value),
    )
  }

  function dateTime(value?: string | null): string {
    if (!value) return '–'
    return new Intl.DateTimeFormat(locale.value, { dateStyle: 'short', timeStyle: 'short' }).format(new Date(value))
  }

  function number(value: number, digits = 0): string {
    return new Intl.NumberFormat(locale.value, { maximumFractionDigits: digits }).format(value)
  }

  function percent(value: number): string {
    // A probability just under one must not read as certainty.
    return new Intl.NumberFormat(locale.value, { style: 'percent' }).format(value < 1 ? Math.min(value, 0.99) : 1)
  }

  /** In powers of 1024, as the server's limits are meant and as scanners show them. */
  function bytes(value: number): string {
    const power = Math.min(Math.max(Math.floor(Math.log2(Math.max(value, 1)) / 10), 0), units.length - 1)
    return new Intl.NumberFormat(locale.value, {
      style: 'unit',
      unit: units[power],
      unitDisplay: 'short',
      maximumFractionDigits: power > 1 ? 1 : 0,
    }).format(value / 1024 ** power)
  }

  function duration(seconds: number): string {
    const whole = Math.max(0, Math.round(seconds))
    const pad = (part: number) => String(part).padStart(2, '0')
    const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
    return hours > 0 ? `${hours}:${pad(minutes)}:${pad(rest)}` : `${minutes}:${pad(rest)}`
  }

  return { date, dateTime, number, percent, bytes, duration }
}
