/** Short messages that pass by; the part that draws them is loaded after the first paint. */

export function tellProblem(text: string): void {
  void import("sonner").then(({ toast }) => toast.error(text, { duration: 8_000 }))
}

export function tell(text: string): void {
  void import("sonner").then(({ toast }) => toast(text))
}
