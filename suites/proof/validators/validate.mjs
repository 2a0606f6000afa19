// Judges a directory of sample reports with other people's readers: the record against its schema, then whether the
// readers of JUnit XML and of TAP count what the record counts. node validate.mjs SCHEMAS DIRECTORY
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import { parse as parseJunit } from "junit2json";
import { Parser as TapParser } from "tap-parser";

const [schemas, directory] = process.argv.slice(2);
const read = (name) => fs.readFileSync(path.join(directory, name));

// The published schema lets later versions add fields; what this version writes has none that the schema does not name.
function closed(schema) {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  if (copy.type === "object") copy.additionalProperties = false;
  return copy;
}

const ajv = new Ajv2020({ strict: true, allErrors: false });
function validator(kind) {
  const schema = JSON.parse(fs.readFileSync(path.join(schemas, `nsproof.${kind}.v1.schema.json`), "utf8"));
  ajv.compile(schema);
  return ajv.compile({ ...closed(schema), $id: `urn:nsproof:closed:${kind}` });
}
const isRecord = validator("run");

function documentOf(file, isValid) {
  const bytes = read(file);
  // A decoder that refuses invalid UTF-8, and no byte that a terminal acts on.
  const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/u, file);
  const document = JSON.parse(text);
  assert.ok(isValid(document), `${file}: ${JSON.stringify(isValid.errors)}`);
  return document;
}

function refuses(isValid, document, spoil) {
  for (const change of spoil) {
    const copy = structuredClone(document);
    change(copy);
    assert.ok(!isValid(copy), `the schema accepts ${change}`);
  }
}

function refusesWhatIsWrong(document) {
  refuses(isRecord, document, [
    (copy) => delete copy.counts,
    (copy) => (copy.schema = "nsproof.run.v2"),
    (copy) => (copy.exit_status = 2),
    (copy) => (copy.cases[0].verdict = "passed"),
    (copy) => (copy.cases[0].extra = 1),
    (copy) => (copy.cases[0].target = ""),
    (copy) => delete copy.cases[0].subject.transcript[0].call,
    (copy) => (copy.cases[0].subject.transcript[1].outs[0] = "7"),
    (copy) => (copy.seconds = null),
  ]);
}

async function junit(file, counts) {
  const suites = (await parseJunit(read(file))).testsuite ?? [];
  const cases = suites.flatMap((suite) => suite.testcase ?? []);
  const having = (key) => cases.filter((one) => one[key] !== undefined).length;
  assert.equal(cases.length, counts.total, file);
  assert.equal(having("failure"), counts.violated + counts.unexpected_passes, file);
  assert.equal(having("error"), counts.vacuous + counts.broken, file);
  assert.equal(having("skipped"), counts.unsupported + counts.expected_failures, file);
  assert.equal(new Set(cases.map((one) => `${one.classname} ${one.name}`)).size, cases.length, `${file}: names repeat`);
  for (const suite of suites) {
    const all = suite.testcase ?? [];
    assert.equal(Number(suite.tests), all.length, file);
    assert.equal(Number(suite.failures), all.filter((one) => one.failure).length, file);
    assert.equal(Number(suite.errors), all.filter((one) => one.error).length, file);
  }
}

function ktap(file, counts) {
  return new Promise((resolve, reject) => {
    const parser = new TapParser((results) => {
      try {
        const red = counts.violated + counts.vacuous + counts.broken + counts.unexpected_passes;
        assert.equal(results.count, counts.total, file);
        assert.equal(results.fail, red, file);
        assert.equal(results.skip, counts.unsupported, file);
        assert.equal(results.plan.end ?? 0, counts.total, file);
        resolve();
      } catch (error) {
        reject(error);
      }
    });
    parser.end(read(file));
  });
}

for (const name of ["plain", "runtimes", "hostile", "unskipped", "empty"]) {
  const document = documentOf(`${name}.json`, isRecord);
  if (name === "plain") refusesWhatIsWrong(document);
  await junit(`${name}.junit`, document.counts);
  await junit(`${name}.junit-strict`, document.counts);
  await ktap(`${name}.ktap`, document.counts);
  console.log(`agreed: ${name}, ${document.counts.total} cases`);
}

const isDiff = validator("diff");
const isMatrix = validator("matrix");
for (const name of ["plain", "hostile"]) {
  const diff = documentOf(`${name}.diff`, isDiff);
  refuses(isDiff, diff, [(copy) => delete copy.worse, (copy) => (copy.got_worse = 0), (copy) => (copy.more = [])]);
  const matrix = documentOf(`${name}.matrix`, isMatrix);
  for (const row of matrix.rows) assert.equal(row.cells.length, matrix.columns.length);
  refuses(isMatrix, matrix, [(copy) => delete copy.rows[0].cells, (copy) => (copy.rows[0].cells[0] = "holds")]);
  console.log(`agreed: ${name}, a comparison and a matrix of ${matrix.rows.length} rows`);
}
