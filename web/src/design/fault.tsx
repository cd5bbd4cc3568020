/** What went wrong with a form as a whole; read out at once. */
export const Fault = ({ text }: { text: string | undefined }) =>
  text === undefined ? null : (
    <p role="alert" className="rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad">
      {text}
    </p>
  )
