export const nodeVersion: string
export const nodePackage: string
export function writePin(folder: string, name?: string, integrity?: string): void
