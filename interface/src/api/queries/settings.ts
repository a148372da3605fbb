/** Settings, models, keys and updates. */
import { useQuery } from "@tanstack/react-query"
import { settingsKey } from "../apply.ts"
import { client } from "../client.ts"

export function useSettings() {
  return useQuery({ queryKey: [...settingsKey, "view"], queryFn: () => client.call("getSettings", {}) })
}

export function useModels() {
  return useQuery({
    queryKey: [...settingsKey, "models"],
    queryFn: async () => (await client.call("listModels", {})).items,
  })
}

export const updateKey = ["update"] as const

/** While it is fetched, the only thing on screen that no event tells of: asked again, as long as somebody looks. */
export function useUpdate() {
  return useQuery({
    queryKey: updateKey,
    queryFn: () => client.call("getUpdateStatus", {}),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.state === "downloading" ? 1000 : false),
  })
}

export function useApiKey() {
  return useQuery({ queryKey: [...settingsKey, "key"], queryFn: () => client.call("getApiKey", {}) })
}
