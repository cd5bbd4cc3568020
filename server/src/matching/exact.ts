/** Above this a sum of a few hundred amounts might be more than a double counts exactly. Nobody owes as much. */
export const EXACT_MAX = 2n ** 44n

/** Minor units as an integer that the processor adds without making a big integer of it: exact, also in sums of hundreds. Amounts
 *  above `EXACT_MAX` come back as that. For search only; what is allocated is reckoned in bigint. */
export const exactMinor = (minor: bigint): number => Number(minor > EXACT_MAX ? EXACT_MAX : minor)
