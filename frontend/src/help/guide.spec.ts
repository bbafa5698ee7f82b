import { describe, expect, it } from 'vitest'
import { guides as english } from './guides.en'
import { guides as french } from './guides.fr'

const shape = (guides: typeof french) =>
  Object.entries(guides).map(([role, { chapters }]) => [
    role,
    chapters.map(({ id, steps, note, to }) => [id, steps.length, note !== undefined, to]),
  ])

describe('the guides', () => {
  it('say the same in both languages', () => {
    expect(shape(english)).toEqual(shape(french))
  })
})
