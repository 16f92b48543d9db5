/** What failed, as it says it itself. */
export const causeOf = (cause: unknown): string =>
  cause instanceof Error && cause.message ? cause.message : String(cause);
