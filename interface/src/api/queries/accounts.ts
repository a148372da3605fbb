/** Logins. */
import { useQuery } from "@tanstack/react-query"
import { loginsKey } from "../apply.ts"
import { client } from "../client.ts"

export function useLogins() {
  return useQuery({ queryKey: loginsKey, queryFn: () => client.call("listLogins", {}) })
}

export function useSignedInUser() {
  return useQuery({ queryKey: ["login"], queryFn: () => client.call("getLogin", {}) })
}
