import type { MatchTransaction } from '../server/src/matching/index.ts'
import type { Tenant, Truth } from './matching-books.ts'

/** Lines that pay no invoice, in words that the open books do not have, with amounts that open invoices owe. */

const others: readonly (readonly [payer: string, text: string])[] = [
  ['Stadtwerke Nordheim', 'Abrechnung Strom Erstattung Zaehler 00{5} Vertragskonto 20{7}'],
  ['Allianz Leben', 'Leistung aus Vertrag {8} Schadenfall {6}'],
  ['Techniker KK', 'Erstattung AAG U1 BN {8}'],
  ['Bundeskasse Halle', 'Kfz-Steuer Erstattung {6}'],
  ['Landesoberkasse', 'Foerderung Bescheid {7} vom 03.02.'],
  ['KfW', 'Auszahlung Kredit {9} Tranche 2'],
  ['B+S Card Service', 'Haendlerabrechnung VU {8} KW 07'],
  ['American Express', 'Merchant remit {10}'],
  ['Hetzner Online', 'Rueckverguetung zu R{9}'],
  ['Amazon EU', 'Retoure Nr {3}-{7}-{7}'],
  ['Prolocation BV', 'Teruggave dubbel betaald {6}'],
  ['Aviva', 'Settlement of your claim ref {7}'],
  ['HM Revenue', 'VTR repayment {9}'],
  ['Barclaycard', 'BCARD MERCH {8}'],
  ['OVH SAS', 'Trop percu sur {6}'],
  ['DGFIP', 'Degrevement impot {8}'],
  ['MAIF', 'Prestation dossier {7}'],
  ['Agenzia Entrate', 'Rimb. IVA {8}'],
  ['Enel Energia', 'Conguaglio a credito cliente {9}'],
  ['Urzad Skarbowy', 'Nadplata VAT {6}'],
  ['PZU', 'Wyplata swiadczenia {8}'],
  ['Ceska sporitelna', 'Cerpani uveru {9}'],
  ['If Skadeforsikring', 'Erstatningsbelop {8}'],
  ['Skattekonto', 'Overskott {6}'],
  ['Nets', 'Kortomsetning {8}'],
  ['', 'Eigene Mittel vom Zweitkonto'],
  ['', 'Transfer from reserve account {6}'],
  ['', 'Gesellschaftereinlage'],
  ['', 'Apport en compte courant associe'],
  ['', 'Versamento soci'],
  ['', 'Own funds top up {4}'],
  ['Jonas Brandtner', 'Auslagen zurueck Messe {4}'],
  ['Anna Keller', 'Rueckgabe Vorschuss {4}'],
  ['Tom Fielder', 'expenses returned thanks'],
  ['Luc Marchandeau', 'pour le velo, merci'],
  ['Eva Lindqvist', 'Swish middag i lordags'],
  ['Marek Zielonka', 'zwrot za bilety'],
  ['Finanzierungsbank', 'Valuta Leasing {8}'],
  ['Immo Verwaltung', 'Nebenkosten Guthaben 2023 Obj {4}'],
  ['Telekom', 'Guthaben aus Buchungskonto {10}'],
]

/** The same numbers for the same seed (a linear congruence, as in many C libraries). */
function numbers(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

const nothing: Truth = {
  class: 13,
  className: 'no invoice',
  kind: 'new wording',
  expected: 'none',
  why: 'nothing is paid',
  fx: false,
  allocations: [],
}

/** Adds such lines, one for each five of the tenant's. Digits in them are sometimes those of an open invoice. */
export function withNothingDue(tenant: Tenant): Tenant {
  const next = numbers(tenant.transactions.length * 31 + tenant.invoices.length)
  const open = tenant.invoices.filter(({ status, balanceMinor }) => status === 'unpaid' && balanceMinor > 0n)
  const days = tenant.transactions.map(({ date }) => date)
  const truth = new Map(tenant.truth)
  const added = Array.from({ length: Math.ceil(tenant.transactions.length / 5) }, (_, at): MatchTransaction => {
    const [payer, pattern] = others[next(others.length)] ?? ['', '']
    const owed = open[next(open.length)]
    const named = open[next(open.length)]
    // One in four has an open invoice's own digits where the bank or the payer has a number of theirs.
    const ours = next(4) === 0 ? (named?.number || named?.id || '').replace(/\D/g, '') : ''
    const text = pattern.replace(/\{(\d+)\}/g, (_all, length: string) =>
      ours !== '' && Math.abs(ours.length - Number(length)) <= 2
        ? ours
        : Array.from({ length: Number(length) }, () => String(next(10))).join(''),
    )
    const id = `nothing-${String(at).padStart(5, '0')}`
    truth.set(id, nothing)
    return {
      id,
      amountMinor: owed?.balanceMinor ?? 100n,
      currency: owed?.currency ?? 'EUR',
      direction: 'credit',
      date: days[next(days.length)] ?? '2024-01-01',
      reference: '',
      description: text,
      counterparty: { name: payer, iban: null },
    }
  })
  return { ...tenant, transactions: [...tenant.transactions, ...added], truth }
}
