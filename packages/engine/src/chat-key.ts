/** Where the answer of an instance is found among what is running. */
export function key(instanceId: string): string {
  return `chat ${instanceId}`
}
