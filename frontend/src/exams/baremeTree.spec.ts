import { describe, expect, it } from 'vitest'
import { imported, templates } from './baremeSources'
import {
  added,
  indented,
  leavesOf,
  made,
  outdented,
  placedBefore,
  removed,
  settled,
  shifted,
  totalOf,
} from './baremeTree'
import type { Question } from './baremeTree'

const tree = (): Question[] => [
  {
    ...{ id: 'ex1', label: 'Exercice 1', points: 5 },
    children: [
      { id: 'q1', label: '1.a', points: 3 },
      { id: 'q2', label: '1.b', points: 2 },
    ],
  },
  { id: 'ex2', label: 'Exercice 2', points: 8 },
]
const shape = (nodes: Question[]): string =>
  nodes.map(node => node.id + (node.children ? `(${shape(node.children)})` : '')).join(' ')

describe('the tree of a barème', () => {
  it('gives parents the points of their children, bonuses apart, of the best where only those count', () => {
    const children: Question[] = [
      { id: 'a', label: 'a', points: 2 },
      { id: 'b', label: 'b', points: 3.25 },
      { id: 'c', label: 'c', points: 1, bonus: true },
    ]
    expect(totalOf([{ id: 'x', label: 'x', points: 0, children }])).toBe(5.25)
    expect(settled([{ id: 'x', label: 'x', points: 0, best: 1, children }])[0]!.points).toBe(3.25)
  })

  it('moves lines among their siblings, in and out of a level', () => {
    expect(shape(shifted(tree(), 'ex2', -1))).toBe('ex2 ex1(q1 q2)')
    expect(shape(shifted(tree(), 'ex1', -1))).toBe('ex1(q1 q2) ex2')
    expect(shape(indented(tree(), 'ex2'))).toBe('ex1(q1 q2 ex2)')
    expect(shape(outdented(tree(), 'q1'))).toBe('ex1(q2) q1 ex2')
  })

  it('never puts a line into itself', () => {
    expect(shape(placedBefore(tree(), 'ex1', 'q1'))).toBe('ex1(q1 q2) ex2')
    expect(shape(placedBefore(tree(), 'ex2', 'q2'))).toBe('ex1(q1 ex2 q2)')
  })

  it('makes a parent without children a question again', () => {
    expect(shape(removed(removed(tree(), 'q1'), 'q2'))).toBe('ex1 ex2')
  })

  it('gives new lines ids of their own', () => {
    const one = made(tree(), 'x')
    expect(leavesOf(added(tree(), 'ex2', one)).map(leaf => leaf.id)).toEqual(['q1', 'q2', one.id])
  })
})

describe('where a barème comes from', () => {
  it('reads a list as people write it', () => {
    const found = imported('Exercice 1\n  1.a : 2,5 pts\n\t1.b;1\n\nExercice 2 (8 points)')
    expect('tree' in found && shape(found.tree)).toBe('q1(q2 q3) q4')
    expect('tree' in found && totalOf(found.tree)).toBe(11.5)
  })

  it('says which line has no points', () => {
    expect(imported('Exercice 1 : 4\nExercice deux')).toEqual({ faulty_line: 2 })
    expect(imported('')).toEqual({ faulty_line: 0 })
  })

  it('reads JSON in the older spellings too', () => {
    const found = imported(
      '[{"question": "1", "title": "Un", "max_score": 4, "sub_questions": [{"name": "a", "max": 4}]}]',
    )
    expect('tree' in found && leavesOf(found.tree)[0]).toMatchObject({ label: 'a', points: 4 })
    expect(imported('{"x": 1}')).toEqual({ faulty_line: 0 })
  })

  it('has templates of 20 points', () => {
    const word = { exercise: 'Exercice', substance: 'Fond', form: 'Forme', language: 'Langue' }
    for (const make of Object.values(templates)) expect(totalOf(make(word))).toBe(20)
  })
})
