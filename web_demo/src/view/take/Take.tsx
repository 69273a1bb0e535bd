/** What can be taken away of a model: its files, its statistics, and code. */

import { useMemo, useState } from "preact/hooks";
import { shown } from "../../loader/errors";
import { baseName } from "../../loader/source";
import type { Description } from "../../model/describe";
import { bytes, count } from "../../model/words";
import { type Changed, type SavedFile, savedFiles } from "../../save/files";
import { statisticsCsv, statisticsJson } from "../../save/statisticsFile";
import { fileName, zipped } from "../../save/zip";
import { Code } from "./Code";
import { download } from "./download";

interface Props {
  readonly model: Description;
  /** Weights that are other ones than were read, by the manifest's name. */
  readonly changed: Changed;
}

/** More are taken as one zip. */
const FEW = 4;
const BINARY = "application/octet-stream";

export function Take({ model, changed }: Props) {
  const name = fileName(model.title);
  const [failed, setFailed] = useState<string | null>(null);
  const take = (work: () => void): void => {
    try {
      work();
      setFailed(null);
    } catch (error) {
      setFailed(error instanceof Error ? error.message : String(error));
    }
  };
  return (
    <section class="take" aria-labelledby="take-title">
      <h3 id="take-title">Take it away</h3>
      {model.artefacts.source && <Files {...{ model, changed, name, take }} />}
      {model.artefacts.hasWeights && (
        <div class="take-row">
          <p>Statistics of all weights</p>
          <div class="take-buttons">
            <button
              type="button"
              class="button button-quiet"
              onClick={() => {
                take(() => {
                  download(`${name}-weights.json`, statisticsJson(model), "application/json");
                });
              }}
            >
              JSON
            </button>
            <button
              type="button"
              class="button button-quiet"
              onClick={() => {
                take(() => {
                  download(`${name}-weights.csv`, statisticsCsv(model), "text/csv");
                });
              }}
            >
              CSV
            </button>
          </div>
        </div>
      )}
      {failed !== null && (
        <p class="failure" role="alert">
          {`The file cannot be made: ${failed}. Is there enough memory?`}
        </p>
      )}
      <Code model={model} />
    </section>
  );
}

interface FilesProps extends Props {
  readonly name: string;
  readonly take: (work: () => void) => void;
}

function Files({ model, changed, name, take }: FilesProps) {
  const files = useMemo(() => listed(model, changed), [model, changed]);
  const total = files.reduce((sum, { bytesLong }) => sum + bytesLong, 0);
  const made = (): readonly SavedFile[] => savedFiles(model.artefacts, changed);
  const isChanged = changed.size > 0;
  return (
    <div class="take-row">
      <p>
        {isChanged
          ? `The model with ${changed.size === 1 ? "the weight" : `the ${count(changed.size)} weights`} changed here${model.optimizer.length > 0 ? ", its optimizer as it was opened" : ""}`
          : "The model, byte for byte as it was opened"}
        {`, ${bytes(total)}`}
      </p>
      <div class="take-buttons">
        <button
          type="button"
          class="button"
          onClick={() => {
            take(() => {
              download(`${name}.zip`, zipped(made()), "application/zip");
            });
          }}
        >
          All as a zip
        </button>
        {files.length <= FEW &&
          files.map(({ path }, index) => (
            <button
              key={path}
              type="button"
              class="button button-quiet"
              onClick={() => {
                take(() => {
                  const file = made()[index];
                  if (file) {
                    download(baseName(file.path), file.bytes, index ? BINARY : "application/json");
                  }
                });
              }}
            >
              {shown(path)}
            </button>
          ))}
      </div>
    </div>
  );
}

/** Names and sizes; the bytes are put together when they are asked for. */
function listed(
  { artefacts }: Description,
  changed: Changed,
): readonly { readonly path: string; readonly bytesLong: number }[] {
  return savedFiles(artefacts, changed).map(({ path, bytes: content }) => ({
    path,
    bytesLong: content.byteLength,
  }));
}
