import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import en from './en.json'
import fr from './fr.json'

type Tree = { [key: string]: string | Tree }

function flat(tree: Tree, path = ''): [string, string][] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === 'string' ? [[path + key, value] as [string, string]] : flat(value, `${path}${key}.`),
  )
}

const french = new Map(flat(fr))
const english = new Map(flat(en))
const sources = globSync('src/**/*.{vue,ts}').filter(name => !name.endsWith('.spec.ts'))
const code = sources.map(name => readFileSync(name, 'utf8')).join('\n')
const whole = [...code.matchAll(/\bt\(\s*'([\w.-]+)'/g)].map(match => match[1]!)
/** Keys with a part that is only known at run time, as patterns. */
const composed = [...code.matchAll(/\bt\(\s*`([^`]+)`/g)].map(
  match => new RegExp(`^${match[1]!.replaceAll('.', '\\.').replace(/\$\{[^}]+\}/g, '[\\w-]+')}$`),
)

describe('the words of the application', () => {
  it('exist in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...french.keys()].sort())
  })

  it('name the same values and have the same number of forms in both', () => {
    const shape = (text: string) => [...new Set(text.match(/\{\w+\}/g))].sort().join() + text.split('|').length
    for (const [key, text] of french) expect(`${key} ${shape(english.get(key)!)}`).toBe(`${key} ${shape(text)}`)
  })

  it('are there for every key that is used', () => {
    expect(whole.filter(key => !french.has(key))).toEqual([])
    expect(composed.filter(pattern => ![...french.keys()].some(key => pattern.test(key)))).toEqual([])
  })

  it('are all used', () => {
    const used = new Set(whole)
    const unused = [...french.keys()].filter(key => !used.has(key) && !composed.some(pattern => pattern.test(key)))
    expect(unused).toEqual([])
  })
})
