import { describe, expect, it } from 'vitest'
import { stops, useTour } from './useTour'

describe('the tour', () => {
  it('goes from stop to stop, back no further than the first, and is offered no more after its end', () => {
    const tour = useTour()
    expect(tour.stop.value).toBeUndefined()
    tour.start()
    tour.go(-1)
    expect(tour.stop.value?.key).toBe('exams')
    for (let step = 1; step < stops.length; step += 1) tour.go(1)
    expect(tour.stop.value?.key).toBe('help')
    tour.go(1)
    expect(tour.stop.value).toBeUndefined()
    expect(tour.seen.value).toBe(true)
  })
})
