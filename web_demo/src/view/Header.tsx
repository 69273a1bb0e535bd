/** Who made the page, its other pages, and the theme. */

import { offered } from "../runs/offered";
import { ThemeToggle } from "./ThemeToggle";

const PAGES = [
  { page: "learn", href: "#v=1&view=learn", title: "Learn" },
  { page: "open", href: "#v=1&view=open", title: "Open a model" },
  { page: "compare", href: "#v=1&view=compare", title: "Compare" },
  // Only where there is something to watch.
  { page: "live", href: "#v=1&view=live", title: "Live" },
  { page: "question", href: "question.html", title: "The question" },
] as const;

export function Header({ page }: { readonly page: (typeof PAGES)[number]["page"] }) {
  return (
    <header class="header">
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <div class="header-row">
        <a class="brand" href="index.html">
          <svg viewBox="0 0 24 24" width="24" height="24" aria-hidden="true">
            <path class="mark-axis" d="M12 2v20" />
            <path class="mark-plus" d="M12 6h8" />
            <path class="mark-minus" d="M12 12H5" />
            <path class="mark-plus" d="M12 18h4" />
          </svg>
          keras-bias
        </a>
        <nav aria-label="Pages">
          <ul>
            {PAGES.filter(
              ({ page: name }) => name !== "live" || page === name || offered.value,
            ).map(({ page: name, href, title }) => (
              <li key={name}>
                <a href={addressFrom(page, href)} aria-current={name === page ? "page" : undefined}>
                  {title}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <ThemeToggle />
      </div>
    </header>
  );
}

/** Within a page, so that what was opened there stays open. */
function addressFrom(page: string, href: string): string {
  return page === "question" && href.startsWith("#") ? `index.html${href}` : href;
}
