/** Commands to the server. What they change arrives as events; here only waiting and failure are known. */
import { type CallInput, type CallOutput, type RouteName, toMessage } from "@aura/core"
import { type UseMutationResult, useMutation } from "@tanstack/react-query"
import { client } from "./client.ts"
import { tellProblem } from "./notices.ts"

export type Command<N extends RouteName> = UseMutationResult<CallOutput<N>, Error, CallInput<N>>

/**
 * A route as a command of a screen.
 * @param quiet true when the screen shows the error itself; otherwise it is told in a toast
 */
export function useCommand<N extends RouteName>(name: N, quiet = false): Command<N> {
  return useMutation({
    mutationFn: (input: CallInput<N>) => client.call(name, input),
    onError: (error) => {
      if (!quiet) tellProblem(toMessage(error))
    },
  })
}
