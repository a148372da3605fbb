/** A document that was dropped on the window, until the form for a new project takes it. */
import { create } from "zustand"

export const useDropped = create<{ text: string | undefined }>(() => ({ text: undefined }))

export function offerDocument(text: string): void {
  useDropped.setState({ text })
}

export function takeDocument(): void {
  useDropped.setState({ text: undefined })
}
