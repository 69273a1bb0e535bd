/** A button between light and dark. */

import { useState } from "preact/hooks";
import { chosen, current } from "./theme";

export function ThemeToggle() {
  const [theme, setTheme] = useState(current);
  const other = theme === "dark" ? "light" : "dark";
  return (
    <button
      type="button"
      class="theme"
      onClick={() => {
        chosen(other);
        setTheme(other);
      }}
    >
      <svg viewBox="0 0 20 20" width="18" height="18" aria-hidden="true">
        <circle class="theme-ring" cx="10" cy="10" r="7" />
        <path class="theme-half" d="M10 3a7 7 0 0 1 0 14z" />
      </svg>
      <span>{other === "dark" ? "Dark" : "Light"}</span>
      <span class="visually-hidden"> theme</span>
    </button>
  );
}
