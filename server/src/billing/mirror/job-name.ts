/** Job that reads an installation's invoices; its data names the instance. */
export const MIRROR_JOB = 'mirror-invoices'
