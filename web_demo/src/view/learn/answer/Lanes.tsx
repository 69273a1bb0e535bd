/** The question's network as a picture: every unit adds a number of its own. */

const HIDDEN = [0, 1, 2, 3, 4].map((unit) => 22 + 34 * unit);
const OUTPUTS = [56, 124] as const;
const NAMES = ["°F", "K"] as const;
const [IN, MIDDLE, OUT, Y] = [26, 128, 236, 90] as const;

export function Lanes() {
  return (
    <figure class="figure lanes">
      <svg
        viewBox="0 0 300 180"
        role="img"
        aria-label="One input leads to five hidden units, and they to two outputs. Each of the five and of the two adds a bias of its own: seven."
      >
        <g class="lane-lines">
          {HIDDEN.map((y) => (
            <path key={y} d={`M${IN} ${Y}L${MIDDLE} ${y}`} />
          ))}
          {HIDDEN.flatMap((y) =>
            OUTPUTS.map((end) => <path key={`${y} ${end}`} d={`M${MIDDLE} ${y}L${OUT} ${end}`} />),
          )}
        </g>
        <circle class="lane-unit" cx={IN} cy={Y} r="15" />
        <text x={IN} y={Y + 4} text-anchor="middle">
          °C
        </text>
        {HIDDEN.map((y, unit) => (
          <Unit key={y} x={MIDDLE} y={y} name={`+b${SUBSCRIPTS[unit] ?? ""}`} />
        ))}
        {OUTPUTS.map((y, output) => (
          <g key={y}>
            <Unit x={OUT} y={y} name={`+b${SUBSCRIPTS[output] ?? ""}`} />
            <text class="lane-name" x={OUT + 34} y={y + 4}>
              {NAMES[output]}
            </text>
          </g>
        ))}
      </svg>
      <figcaption class="quiet">
        Dense 5, then dense 2: each unit adds its own. 5 + 2 = <strong>7 numbers, not 2</strong>.
      </figcaption>
    </figure>
  );
}

const SUBSCRIPTS = ["₁", "₂", "₃", "₄", "₅"] as const;

function Unit({ x, y, name }: { readonly x: number; readonly y: number; readonly name: string }) {
  return (
    <g>
      <rect class="lane-bias" x={x - 22} y={y - 13} width="44" height="26" rx="6" />
      <text x={x} y={y + 4} text-anchor="middle">
        {name}
      </text>
    </g>
  );
}
