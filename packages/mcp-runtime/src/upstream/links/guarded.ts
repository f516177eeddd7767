/** Why something thrown stopped a link, as a sentence for its log. */
export function handlerFailure(error: unknown): string {
  const what = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return `The hub failed on what the server sent (${what.slice(0, 300)}).`;
}

/** A handler of a stream that cannot throw into the process: its error goes to `failed`, which ends that link alone. */
export function guarded<Args extends unknown[]>(
  run: (...args: Args) => void,
  failed: (why: string) => void,
): (...args: Args) => void {
  return (...args) => {
    try {
      run(...args);
    } catch (error) {
      failed(handlerFailure(error));
    }
  };
}
