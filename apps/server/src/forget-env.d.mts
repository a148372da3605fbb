export const secretNames: readonly string[]
export function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv
export function forgetSecrets(): void
