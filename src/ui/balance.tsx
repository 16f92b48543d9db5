/** How two amounts share a bar, longs left and shorts right; the amounts stand in words below it. */
export function Balance({ long, short }: { long: number; short: number }) {
  const total = long + short;
  return (
    <div class="balance" aria-hidden="true">
      <i style={{ flex: total > 0 ? long / total : 0.5 }} />
      <i style={{ flex: total > 0 ? short / total : 0.5 }} />
    </div>
  );
}
