/** Says why a build did not go on, with the way to let it. */
import type { Project } from "@aura/core"
import { TriangleAlert } from "lucide-react"
import { useCommand } from "../../api/commands.ts"
import { Banner } from "../../components/Banner.tsx"
import { Button } from "../../components/Button.tsx"

export function BuildProblem({ project }: { project: Project }) {
  const build = useCommand("build")
  const { building, id } = project
  return (
    <div role="status">
      {building?.problem && (
        <Banner
          tone="warn"
          icon={<TriangleAlert aria-hidden="true" className="size-4 shrink-0 text-warn" />}
          actions={
            <Button
              size="small"
              busy={build.isPending}
              onClick={() => build.mutate({ params: { p: id }, body: { upTo: building.upTo } })}
            >
              Try again
            </Button>
          }
        >
          The next step did not begin. {building.problem}
        </Banner>
      )}
    </div>
  )
}
