/** Looks for words on a terminal's screen and in what has scrolled off it: Enter upwards, Shift+Enter downwards. */
import { useState } from "react"
import { inputClass } from "../../components/Field.tsx"

type Props = {
  /** @returns whether there is any */
  find: (text: string, isOnward: boolean) => boolean
  onClose: () => void
}

export function Find({ find, onClose }: Props) {
  const [missed, setMissed] = useState(false)
  return (
    <div className="absolute top-2 right-4 z-10 flex max-w-[calc(100%-2rem)] flex-col items-end gap-1">
      <input
        type="search"
        aria-label="Find in the terminal"
        placeholder="Find"
        aria-invalid={missed || undefined}
        ref={(field) => field?.focus()}
        className={`${inputClass} h-8 max-w-56`}
        onChange={() => setMissed(false)}
        onKeyDown={(event) => {
          if (event.key === "Escape") onClose()
          if (event.key !== "Enter" || event.currentTarget.value === "") return
          setMissed(!find(event.currentTarget.value, event.shiftKey))
        }}
      />
      <p role="status" className={missed ? "rounded-md bg-bad-soft px-2 py-0.5 text-bad text-xs" : "sr-only"}>
        {missed && "Not found"}
      </p>
    </div>
  )
}
