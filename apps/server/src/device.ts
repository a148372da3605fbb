/** The name of a device in the list of logins: browser and system, from its User-Agent. */

const browsers: [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\b(Firefox|FxiOS)\//, "Firefox"],
  [/\b(Chrome|CriOS|Chromium)\//, "Chrome"],
  [/\bSafari\//, "Safari"],
]
const systems: [RegExp, string][] = [
  [/\b(iPhone|iPad)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bLinux\b/, "Linux"],
]

export function toDevice(userAgent: string | undefined): string {
  const find = (table: [RegExp, string][]) => table.find(([form]) => form.test(userAgent ?? ""))?.[1]
  const browser = find(browsers)
  if (!browser) return "A program"
  const system = find(systems)
  return system ? `${browser} on ${system}` : browser
}
