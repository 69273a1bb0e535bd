/** Light, dark, or as the system has it; kept in this browser. */

export type Theme = "light" | "dark";

const KEY = "keras-bias:theme";

/** What was chosen; null if nothing was, or nothing can be kept. */
export function stored(): Theme | null {
  try {
    const value = localStorage.getItem(KEY);
    return value === "light" || value === "dark" ? value : null;
  } catch {
    return null;
  }
}

export function applied(theme: Theme | null): void {
  if (theme) {
    document.documentElement.dataset["theme"] = theme;
  }
}

export function chosen(theme: Theme): void {
  applied(theme);
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // It then lasts as long as the page.
  }
}

export function current(): Theme {
  return stored() ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
}
