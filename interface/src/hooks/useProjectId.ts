/** The project in the address. */
import { useParams } from "@tanstack/react-router"

export function useProjectId(): string {
  return useParams({ from: "/shell/projects/$projectId" }).projectId
}
