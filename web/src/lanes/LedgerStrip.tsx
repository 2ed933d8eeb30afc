// The ledger below the lanes: where something is missing, and by its pattern why. The same is said in words beside
// it, so this is for the eye alone.
import type { GapCause } from '../api/types';

export interface StripGap {
  cause: GapCause;
  from_ms: number;
  to_ms: number;
}

const leastShare = 0.3; // percent; a gap of 20 ms in an hour would be too thin to see

export function LedgerStrip({ gaps, duration_ms }: { gaps: readonly StripGap[]; duration_ms: number }) {
  const percent = (ms: number) => (100 * ms) / Math.max(1, duration_ms);
  return (
    <div className="strip" aria-hidden>
      {gaps.map((gap, i) => (
        <span
          key={i}
          className={`strip-gap gap-${gap.cause}`}
          style={{
            left: `${percent(gap.from_ms)}%`,
            width: `${Math.max(leastShare, percent(gap.to_ms - gap.from_ms))}%`,
          }}
        />
      ))}
    </div>
  );
}
