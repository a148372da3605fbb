/** Settings, models, keys and updates. */
import type { ProviderId } from "@aura/core"
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

/** Polled while an update is downloading and the page is open: the only state without events. */
export function useUpdate() {
  return useQuery({
    queryKey: updateKey,
    queryFn: () => client.call("getUpdateStatus", {}),
    staleTime: 0,
    refetchInterval: ({ state }) => (state.data?.state === "downloading" ? 1000 : false),
  })
}

export function useProviders() {
  return useQuery({
    queryKey: [...settingsKey, "providers"],
    queryFn: async () => (await client.call("listProviders", {})).items,
  })
}

/** @param isAsked true once somebody wants to see it: it opens a connection to the provider */
export function useOffered(provider: ProviderId, isAsked: boolean) {
  return useQuery({
    enabled: isAsked,
    queryKey: ["offered", provider],
    queryFn: async () => (await client.call("listOffered", { params: { provider } })).items,
    retry: false,
  })
}
