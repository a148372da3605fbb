/** The pictures that a model saw with a tool's result. */
import { useMedia } from "../api/queries/machine.ts"
import type { ShownMedia } from "./timeline.logic.ts"

export function Shown({ media }: { media: readonly ShownMedia[] }) {
  const pictures = media.filter(({ mediaType }) => mediaType !== "application/pdf")
  return pictures.map((one) => <Picture key={one.name} {...one} />)
}

function Picture({ projectId, name, mediaType }: ShownMedia) {
  const picture = useMedia(projectId, name)
  if (!picture.data) return null
  return (
    <img
      src={`data:${mediaType};base64,${picture.data.data}`}
      alt="As the model saw it"
      className="max-h-96 max-w-full border-line border-t object-contain object-left"
    />
  )
}
