/** What is taken away of a model is what was opened, but for what was changed. */

import { unzipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { Artefacts } from "../../web_demo/src/loader/artefacts";
import { openedFiles } from "../../web_demo/src/loader/open";
import { described } from "../../web_demo/src/model/describe";
import { EXAMPLE } from "../../web_demo/src/model/example";
import { type Changed, savedFiles } from "../../web_demo/src/save/files";
import { valueSpan } from "../../web_demo/src/save/jsonText";
import { csvCell, statisticsCsv, statisticsJson } from "../../web_demo/src/save/statisticsFile";
import { fileName, zipped } from "../../web_demo/src/save/zip";
import { exported, file, float32, INPUT, modelJson, NUMBERS, sequential } from "./files";

const UNCHANGED: Changed = new Map();
const text = (bytes: Uint8Array | undefined): string => new TextDecoder().decode(bytes);

/** The saved files, opened again. */
function reopened(artefacts: Artefacts, changed: Changed): Promise<Artefacts> {
  const files = savedFiles(artefacts, changed);
  return openedFiles(files.map(({ path, bytes }) => file(path, bytes)));
}

/** Three weights of three dtypes, the first of them quantized, in two files that cut one in two. */
function mixed(): Promise<Artefacts> {
  const json = `{ "format" : "layers-model",
    "modelTopology": ${JSON.stringify(sequential([INPUT, { class_name: "Foo", config: { name: "a" } }]))},
    "weightsManifest":[{"paths":["x/1.bin","x/2.bin"],"weights":[
      {"name":"a/q","shape":[4],"dtype":"float32","quantization":{"dtype":"uint8","scale":0.5,"min":-1}, "more": 1},
      {"name":"a/i","shape":[2],"dtype":"int32"},
      {"name":"a/f","shape":[2],"dtype":"float32"}]}],
    "userDefinedMetadata": {"é": "kept ½"}, "big": 12345678901234567890 }\n`;
  const bytes = new Uint8Array([
    ...[0, 1, 2, 255],
    ...new Uint8Array(new Int32Array([7, -8]).buffer),
    ...float32([1.5, NaN]),
  ]);
  return openedFiles([
    file("model.json", json),
    file("x/1.bin", bytes.slice(0, 9)),
    file("x/2.bin", bytes.slice(9)),
  ]);
}

describe("files to take away", () => {
  it("are byte for byte those that were opened", async () => {
    const json = JSON.stringify(modelJson(), null, 3);
    const opened = await openedFiles(exported(json));

    const files = savedFiles(opened, UNCHANGED);

    expect(files.map(({ path }) => path)).toEqual(["model.json", "group1-shard1of1.bin"]);
    expect(text(files[0]?.bytes)).toBe(json);
    expect(files[1]?.bytes).toEqual(float32(NUMBERS));
  });

  it("keep shards, quantization, strings of any alphabet and numbers no double holds", async () => {
    const opened = await mixed();

    const files = savedFiles(opened, UNCHANGED);

    expect(files.map(({ path, bytes }) => [path, bytes.byteLength])).toEqual([
      ["model.json", opened.source?.json.byteLength],
      ["x/1.bin", 9],
      ["x/2.bin", 11],
    ]);
    expect(text(files[0]?.bytes)).toContain('"kept ½"}, "big": 12345678901234567890 }');
  });

  it("hold a changed weight in its place, and nothing else changes", async () => {
    const opened = await mixed();
    const changed = new Map([["a/f", new Float32Array([-2, 4])]]);

    const files = savedFiles(opened, changed);

    const before = savedFiles(opened, UNCHANGED);
    expect(files[0]?.bytes).toEqual(before[0]?.bytes);
    expect(files[1]?.bytes).toEqual(before[1]?.bytes);
    const again = await reopened(opened, changed);
    expect(again.weights.map(({ values }) => [...(values ?? [])])).toEqual([
      [-1, -0.5, 0, 126.5],
      [7, -8],
      [-2, 4],
    ]);
  });

  it("hold a changed weight of integers as integers", async () => {
    const again = await reopened(await mixed(), new Map([["a/i", new Float32Array([3.6, -1])]]));

    expect(again.weights[1]?.values).toEqual(new Int32Array([4, -1]));
  });

  it("hold a changed quantized weight as plain numbers, the topology as text untouched", async () => {
    const opened = await mixed();
    const changed = new Map([["a/q", new Float32Array([0.1, 0.2, 0.3, 1e9])]]);

    const files = savedFiles(opened, changed);

    const json = text(files[0]?.bytes);
    const original = text(opened.source?.json);
    expect(json.slice(0, json.indexOf('"weightsManifest"'))).toBe(
      original.slice(0, original.indexOf('"weightsManifest"')),
    );
    expect(json).toContain('"kept ½"}, "big": 12345678901234567890 }');
    expect(json).toContain('{"name":"a/q","shape":[4],"dtype":"float32","more":1}');
    const again = await reopened(opened, changed);
    expect(again.weights[0]?.values).toEqual(new Float32Array([0.1, 0.2, 0.3, 1e9]));
    expect([...(again.weights[1]?.values ?? [])]).toEqual([7, -8]);
    expect([...(again.weights[2]?.values ?? [])]).toEqual([1.5, NaN]);
  });

  it("are two where two paths were one file", async () => {
    const json = modelJson();
    const shard = float32(NUMBERS.slice(0, 11));
    Object.assign(json.weightsManifest[0] ?? {}, { paths: ["same.bin", "same.bin"] });
    const opened = await openedFiles([file("model.json", json), file("same.bin", shard)]);

    const files = savedFiles(opened, UNCHANGED);

    expect(files.map(({ path, bytes }) => [path, bytes.byteLength]).at(1)).toEqual([
      "group1-shard1of1.bin",
      88,
    ]);
    const again = await reopened(opened, UNCHANGED);
    expect(again.weights.map(({ stored }) => stored)).toEqual(
      opened.weights.map(({ stored }) => stored),
    );
  });

  it("take no notice of numbers that fit no weight", async () => {
    const opened = await openedFiles(exported());
    const changed = new Map([
      ["nobody", new Float32Array(2)],
      ["dense_2/bias", new Float32Array(3)],
    ]);

    expect(savedFiles(opened, changed)).toEqual(savedFiles(opened, UNCHANGED));
  });

  it("are none without weights, and the example's open as the example", async () => {
    expect(savedFiles({ ...EXAMPLE, source: null }, UNCHANGED)).toEqual([]);

    const again = await reopened(EXAMPLE, UNCHANGED);

    expect(again.weights.map(({ values }) => values)).toEqual(
      EXAMPLE.weights.map(({ values }) => values),
    );
  });

  it("come as one zip that holds the same bytes, and is the same each time", async () => {
    const opened = await mixed();
    const files = savedFiles(opened, UNCHANGED);

    const zip = zipped(files);

    expect(zip).toEqual(zipped(files));
    expect(unzipSync(zip)).toEqual(
      Object.fromEntries(files.map((each) => [each.path, each.bytes])),
    );
    const again = await openedFiles([file("mine.zip", zip)]);
    expect(again.weights.map(({ stored }) => stored)).toEqual(
      opened.weights.map(({ stored }) => stored),
    );
  });

  it.each([
    ["One number per unit", "One-number-per-unit"],
    ["mine.zip", "mine"],
    ["../../etc/passwd", "etc-passwd"],
    ["Größe", "Gro-e"],
    ["…", "..."],
    ["a".repeat(99), "a".repeat(60)],
  ])("of %s are called %s", (title, name) => {
    expect(fileName(title)).toBe(name === "..." ? "model" : name);
  });
});

describe("where a value stands in JSON", () => {
  it.each([
    ['{"a":1,"b":[1,"]",{"c":"}"}],"d":2}', "b", '[1,"]",{"c":"}"}]'],
    [' {\n "a" : "x\\"y" , "b" : -1.5e3\n}', "b", "-1.5e3"],
    ['{"a":{"b":1},"b":null}', "b", "null"],
    ['{"b":1,"b":{}}', "b", "{}"],
    ['{"\\u0062":true}', "b", "true"],
    ['{"a":"\\\\","b":"\\\\"}', "b", '"\\\\"'],
    ['{"a":1}', "b", null],
    ["{}", "b", null],
  ])("%s", (json, key, value) => {
    const span = valueSpan(json, key);

    expect(span && json.slice(...span)).toBe(value);
  });
});

describe("statistics to take away", () => {
  it("are the table's, as CSV", async () => {
    const model = described(await openedFiles(exported()));

    expect(statisticsCsv(model).split("\r\n").slice(0, 3)).toEqual([
      "name,shape,dtype,trainable,bias,params,min,max,mean,std,zeros,nans,infinities",
      'dense_5/kernel,"[1, 5]",float32,true,,5,-10,-6,-8,1.4142135623730951,0,0,0',
      "dense_5/bias,[5],float32,true,vector,5,-5,-1,-3,1.4142135623730951,0,0,0",
    ]);
  });

  it("are the table's, as JSON", async () => {
    const numbers = float32(NUMBERS.map((value, index) => (index > 19 ? NaN : value)));
    const model = described(await openedFiles(exported(modelJson(), numbers)));

    const read = JSON.parse(statisticsJson(model)) as { weights: unknown[]; parameters: number };

    expect(read.parameters).toBe(22);
    expect(read.weights[3]).toMatchObject({
      name: "dense_2/bias",
      shape: [2],
      min: null,
      nans: 2,
    });
  });

  it.each([
    ["=1+1", "'=1+1"],
    ["+x", "'+x"],
    ["-x/bias", "'-x/bias"],
    ["@SUM(A1)", "'@SUM(A1)"],
    ["\t=1", "'\t=1"],
    [" =1", "' =1"],
    ["＝1", "'＝1"],
    ['a"b', '"a""b"'],
    ['=HYPERLINK("x";"y"),2', '"\'=HYPERLINK(""x"";""y""),2"'],
    ["a\r\nb", '"a\r\nb"'],
    ["plain/bias", "plain/bias"],
    [-1.5, "-1.5"],
    [null, ""],
  ])("never run as a formula: %j", (cell, written) => {
    expect(csvCell(cell)).toBe(written);
  });
});
