/** A bar from one number to another, on a line that has 0: to the right above, to the left below. */

interface Props {
  readonly from: number;
  readonly to: number;
  /** Ends of the line; 0 lies between them. */
  readonly low: number;
  readonly high: number;
}

const WIDTH = 200;

export function Bar({ from, to, low, high }: Props) {
  const span = high - low || 1;
  const x = (value: number): number => ((value - low) / span) * WIDTH;
  const part = (start: number, end: number, name: string) =>
    end > start && (
      <rect class={name} x={x(start)} y="2" width={Math.max(1.5, x(end) - x(start))} height="8" />
    );
  const [left, right] = from < to ? [from, to] : [to, from];
  // Where all is 0, the line has 0 in the middle.
  const zero = high === low ? WIDTH / 2 : x(0);
  return (
    <svg class="bar" viewBox={`-1 0 ${WIDTH + 2} 12`} preserveAspectRatio="none" aria-hidden="true">
      <rect class="bar-track" x="0" y="2" width={WIDTH} height="8" />
      {part(left, Math.min(right, 0), "bar-below")}
      {part(Math.max(left, 0), right, "bar-above")}
      <path class="bar-zero" d={`M${zero} 0v12`} />
    </svg>
  );
}
