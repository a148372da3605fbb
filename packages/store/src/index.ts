export type { Change, Decide, Read, Store } from "./store.ts"
