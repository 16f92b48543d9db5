/** What a user can be told of, most important first. */
export const alertKinds = [
  'cascade',
  'openInterestDrop',
  'swept',
  'fuel',
  'edge',
  'flip',
  'squeeze',
  'move',
  'reminder',
] as const;
export type AlertKind = (typeof alertKinds)[number];
