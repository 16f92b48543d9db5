/** Shares that venues list beside coins, under letters that a coin may have as well: derived, on demand. */
export const shares = new Set(['NVDA']);
