/** A button to pick a table with; dropping it on the page does the same. */

interface Props {
  readonly label: string;
  readonly onPick: (file: File) => void;
}

export function FilePick({ label, onPick }: Props) {
  return (
    <label class="button button-quiet">
      {label}
      <input
        type="file"
        accept=".csv,.tsv,.txt,text/csv"
        onChange={({ currentTarget: input }) => {
          const file = input.files?.[0];
          input.value = ""; // so that the same file can be picked again
          if (file) {
            onPick(file);
          }
        }}
      />
    </label>
  );
}
