/** What the page does not do. */

export function Footer() {
  return (
    <footer class="footer">
      <p>
        Files that you open are read in this browser and never leave this machine: the page may talk
        to the server it came from, and to nobody else.
      </p>
    </footer>
  );
}
