import { useFormat } from '@/composables/useFormat'

/** Marks in the language of the page, with two decimals at most; a dash where there is none. */
export function useMark(): (value: number | null | undefined) => string {
  const { number } = useFormat()
  return value => (value === null || value === undefined ? '–' : number(value, 2))
}
