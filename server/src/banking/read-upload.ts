import { AppError } from '../base/errors.ts'

export interface Upload {
  bytes: Uint8Array
  /** The form's own `mapping`, still as text. */
  mapping: string | undefined
}

/** The file of an upload: the body as it is, or the one file of a multipart form. Throws `invalid_request` when there is none
 *  or the form holds what we do not know. */
export async function readUpload(body: Buffer, contentType: string | undefined): Promise<Upload> {
  if (body.length === 0) throw faulty('file', 'This field is required')
  if (!/^multipart\/form-data\s*(;|$)/i.test(contentType ?? '')) return { bytes: body, mapping: undefined }
  let form: FormData
  try {
    // Node's own reader of forms: bounded by the body limit, nothing touches the disk.
    form = await new Response(new Uint8Array(body), { headers: { 'content-type': contentType! } }).formData()
  } catch (cause) {
    throw faulty('body', 'Is not a readable multipart form', cause)
  }
  let file: Uint8Array | undefined
  let mapping: string | undefined
  for (const [name, value] of form) {
    if (name === 'mapping' && typeof value === 'string') mapping = value
    else if (name === 'file' || typeof value !== 'string') {
      if (file !== undefined) throw faulty(name, 'Send one file at a time, or several in a ZIP')
      file = typeof value === 'string' ? Buffer.from(value) : new Uint8Array(await value.arrayBuffer())
    } else throw faulty(name, 'This field is not known')
  }
  if (file === undefined || file.length === 0) throw faulty('file', 'This field is required')
  return { bytes: file, mapping }
}

const faulty = (field: string, issue: string, cause?: unknown): AppError =>
  new AppError('invalid_request', 'The request contains invalid parameters', {
    details: [{ field: field.slice(0, 100), issue }],
    ...(cause === undefined ? {} : { cause }),
  })
