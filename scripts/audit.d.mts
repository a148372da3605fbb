export function judge(
  text: string,
  exceptions: Readonly<Record<string, string>>,
): { ok: boolean; lines: string[] }
