/** Values as Python writes them, so that a message is the same word for word on both sides. */

/** `None`, `True`, `'text'`, `[1, None]`: what Python's `repr` gives for the value in JSON. */
export function spoken(value: unknown): string {
  if (value === null || value === undefined) {
    return "None";
  }
  switch (typeof value) {
    case "boolean":
      return value ? "True" : "False";
    case "string":
      return quoted(value);
    case "number":
      return String(value);
    default:
      return Array.isArray(value) ? `[${value.map(spoken).join(", ")}]` : JSON.stringify(value);
  }
}

/** `(1,)`, `(None, 5)`: a shape or another tuple. */
export function tuple(values: readonly unknown[]): string {
  return `(${values.map(spoken).join(", ")}${values.length === 1 ? "," : ""})`;
}

function quoted(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n");
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark;
}
