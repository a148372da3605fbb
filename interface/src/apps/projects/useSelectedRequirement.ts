/** The requirement the address points at, such as `?r=R3`. */
import { useSearch } from "@tanstack/react-router"

export function useSelectedRequirement(): string | undefined {
  return useSearch({ from: "/shell/projects/$projectId/requirements" }).r
}
