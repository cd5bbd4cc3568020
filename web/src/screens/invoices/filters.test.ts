import { describe, expect, it } from 'vitest'
import { isOverdue, readFilters, toQuery } from './filters.ts'
import { todayOf } from './today.ts'

describe('filters of invoices', () => {
  it('asks for what is overdue by the day before today, or an earlier one that was chosen', () => {
    expect(toQuery({ show: 'overdue' }, '2025-03-01')).toEqual({
      sort: '-issued_on',
      status: 'unpaid',
      due_on_to: '2025-02-28',
    })
    expect(toQuery({ show: 'overdue', due_on_to: '2025-01-31' }, '2025-03-01')).toMatchObject({
      due_on_to: '2025-01-31',
    })
    expect(toQuery({ show: 'overdue', due_on_to: '2025-12-31' }, '2025-03-01')).toMatchObject({
      due_on_to: '2025-02-28',
    })
  })
  it('passes states on', () => {
    expect(toQuery({ show: 'paid', sort: 'due_on' }, '2025-03-01')).toEqual({ sort: 'due_on', status: 'paid' })
    expect(readFilters({ show: 'lost', source: 'whmcs', due_on_from: '1.1.2025' })).toEqual({ source: 'whmcs' })
  })
  it('knows what is overdue', () => {
    expect(isOverdue({ status: 'unpaid', due_on: '2025-02-28' }, '2025-03-01')).toBe(true)
    expect(isOverdue({ status: 'unpaid', due_on: '2025-03-01' }, '2025-03-01')).toBe(false)
    expect(isOverdue({ status: 'paid', due_on: '2025-01-01' }, '2025-03-01')).toBe(false)
    expect(isOverdue({ status: 'unpaid', due_on: null }, '2025-03-01')).toBe(false)
    expect(todayOf(new Date(2025, 0, 5))).toBe('2025-01-05')
  })
})
