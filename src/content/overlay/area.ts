/** A rectangle of the pane, CSS pixels from its corner. */
export interface Area {
  left: number;
  top: number;
  width: number;
  height: number;
}
