/** Draws the short messages that pass by. */
import { Toaster } from "sonner"
import { useTheme } from "../hooks/theme.ts"

export default function Notices() {
  const { theme } = useTheme()
  return (
    <Toaster
      theme={theme}
      position="bottom-right"
      closeButton
      toastOptions={{
        className: "border-line! bg-raised! text-ink! shadow-float! rounded-lg!",
      }}
    />
  )
}
