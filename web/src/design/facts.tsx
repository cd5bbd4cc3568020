import { Fragment, type ReactNode } from 'react'

/** Names and what they are, in two columns that become one where it is narrow. What is undefined is left out. */
export const Facts = ({ facts }: { facts: readonly (readonly [name: string, value: ReactNode])[] }) => (
  <dl className="grid gap-x-6 gap-y-1 sm:grid-cols-[minmax(8rem,auto)_minmax(0,1fr)] sm:gap-y-2.5">
    {facts
      .filter(([, value]) => value !== undefined && value !== null && value !== '')
      .map(([name, value]) => (
        <Fragment key={name}>
          <dt className="text-sm text-faint">{name}</dt>
          <dd className="min-w-0 break-words max-sm:mb-2">{value}</dd>
        </Fragment>
      ))}
  </dl>
)
