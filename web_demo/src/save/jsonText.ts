/** Where in a JSON text a value stands, so that it can be replaced and the rest stay as it was. */

/**
 * Start and end of the value that an object's text has under a key; of the last one, as parsers
 * take it. Null if there is none. The text is valid JSON, and its value an object.
 */
export function valueSpan(text: string, key: string): readonly [number, number] | null {
  let found: readonly [number, number] | null = null;
  let at = behindSpace(text, 0) + 1;
  for (;;) {
    at = behindSpace(text, at);
    if (text[at] !== '"') {
      return found;
    }
    const nameEnd = behindString(text, at);
    const name: unknown = JSON.parse(text.slice(at, nameEnd));
    const start = behindSpace(text, behindSpace(text, nameEnd) + 1);
    const end = behindValue(text, start);
    if (name === key) {
      found = [start, end];
    }
    at = behindSpace(text, end) + 1;
  }
}

function behindSpace(text: string, at: number): number {
  const space = /[\s\uFEFF]*/uy;
  space.lastIndex = at;
  return at + (space.exec(text)?.[0].length ?? 0);
}

function behindString(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && text[end] !== '"') {
    end += text[end] === "\\" ? 2 : 1;
  }
  return end + 1;
}

function behindValue(text: string, at: number): number {
  let depth = 0;
  let end = at;
  while (end < text.length) {
    const character = text[end] ?? "";
    if (character === '"') {
      end = behindString(text, end);
    } else if (depth === 0 && /[\s,}\]]/u.test(character)) {
      return end;
    } else {
      depth += character === "{" || character === "[" ? 1 : 0;
      depth -= character === "}" || character === "]" ? 1 : 0;
      end += 1;
    }
    if (depth === 0 && /["}\]]/u.test(character)) {
      return end;
    }
  }
  return end;
}
