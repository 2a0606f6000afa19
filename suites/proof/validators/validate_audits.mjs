// Judges sample reports of audits with other people's readers: the record against its schema, SARIF against the schema
// of OASIS as Microsoft publishes it, JUnit XML by what a reader counts. node validate_audits.mjs SCHEMAS DIRECTORY
import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import Ajv2020 from "ajv/dist/2020.js";
import { parse as parseJunit } from "junit2json";

const [schemas, directory] = process.argv.slice(2);
const read = (name) => fs.readFileSync(path.join(directory, name));

// What this version writes has no field that its schema does not name.
function closed(schema) {
  if (typeof schema !== "object" || schema === null) return schema;
  if (Array.isArray(schema)) return schema.map(closed);
  const copy = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  if (copy.type === "object") copy.additionalProperties = false;
  return copy;
}

function recordValidator() {
  const ajv = new Ajv2020({ strict: true });
  const schema = JSON.parse(fs.readFileSync(path.join(schemas, "nsproof.audit.v1.schema.json"), "utf8"));
  ajv.compile(schema);
  return ajv.compile({ ...closed(schema), $id: "urn:nsproof:closed:audit" });
}

// The schema is of draft 4, which only the older Ajv that comes with it reads.
function sarifValidator() {
  const its = createRequire(createRequire(import.meta.url).resolve("@microsoft/jest-sarif/package.json"));
  const Ajv = its("ajv");
  const ajv = new Ajv({ schemaId: "auto", meta: its("ajv/lib/refs/json-schema-draft-04.json"), format: "full" });
  return ajv.compile(its("./lib/schemas/sarif-2.1.0-rtm.5.json"));
}

function documentOf(file, isValid) {
  // A decoder that refuses invalid UTF-8, and no byte that a terminal acts on.
  const text = new TextDecoder("utf-8", { fatal: true }).decode(read(file));
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

function countsAgree({ counts, findings }) {
  const number = (wanted) => findings.filter(wanted).length;
  const counting = (one) => one.answer === "weak" && ["counts", "expired"].includes(one.standing);
  assert.equal(counts.total, findings.length);
  assert.equal(counts.counting, number(counting));
  assert.equal(counts.weak, number((one) => one.answer === "weak"));
  assert.equal(counts.weak, counts.counting + counts.set_aside);
  assert.equal(counts.hardened, number((one) => one.answer === "hardened"));
  assert.equal(counts.not_applicable, number((one) => one.answer === "not-applicable"));
  assert.equal(counts.unknown, number((one) => one.answer === "unknown"));
  for (const [severity, count] of Object.entries(counts.severities))
    assert.equal(count, number((one) => counting(one) && one.severity === severity));
}

async function junit(file, counts) {
  const suites = (await parseJunit(read(file))).testsuite ?? [];
  const cases = suites.flatMap((suite) => suite.testcase ?? []);
  const having = (key) => cases.filter((one) => one[key] !== undefined).length;
  assert.equal(cases.length, counts.total, file);
  assert.equal(having("failure"), counts.counting, file);
  assert.equal(having("skipped"), counts.set_aside + counts.not_applicable + counts.unknown, file);
  assert.equal(having("error"), 0, file);
  assert.equal(new Set(cases.map((one) => `${one.classname} ${one.name}`)).size, cases.length, `${file}: names repeat`);
  for (const suite of suites) {
    const all = suite.testcase ?? [];
    assert.equal(Number(suite.tests), all.length, file);
    assert.equal(Number(suite.failures), all.filter((one) => one.failure).length, file);
    assert.equal(Number(suite.skipped), all.filter((one) => one.skipped).length, file);
  }
}

function sarif(document, counts, file) {
  const [run] = document.runs;
  const { rules, notifications } = run.tool.driver;
  assert.equal(run.results.length, counts.weak, file);
  assert.equal(run.results.filter((one) => one.suppressions.length > 0).length, counts.set_aside, file);
  assert.equal(new Set(rules.map((rule) => rule.id)).size, rules.length, `${file}: rules repeat`);
  for (const one of run.results) {
    assert.equal(rules[one.ruleIndex].id, one.ruleId, file);
    assert.doesNotMatch(one.message.text, /\]\(/, file);
    assert.doesNotMatch(one.message.text, /\n/, file);
  }
  const notices = run.invocations.flatMap((one) => one.toolExecutionNotifications);
  for (const one of notices) assert.equal(notifications[one.descriptor.index].id, one.descriptor.id, file);
  const unknown = notices.filter((one) => one.descriptor.id === "unknown");
  assert.equal(unknown.length, counts.unknown, file);
  for (const one of unknown) assert.equal(rules[one.associatedRule.index].id, one.associatedRule.id, file);
}

const isRecord = recordValidator();
const isSarif = sarifValidator();
for (const name of ["plain", "hostile", "empty"]) {
  const record = documentOf(`${name}.audit-json`, isRecord);
  const log = documentOf(`${name}.audit-sarif`, isSarif);
  countsAgree(record);
  sarif(log, record.counts, name);
  await junit(`${name}.audit-junit`, record.counts);
  new TextDecoder("utf-8", { fatal: true }).decode(read(`${name}.audit-markdown`));
  if (name === "plain") {
    refuses(isRecord, record, [
      (copy) => delete copy.counts,
      (copy) => (copy.schema = "nsproof.audit.v2"),
      (copy) => (copy.findings[0].answer = "fail"),
      (copy) => (copy.findings[0].standing = "ignored"),
      (copy) => (copy.findings[0].extra = 1),
      (copy) => (copy.findings[1].fix.docker = ""),
      (copy) => (copy.findings[0].evidence = Array(41).fill("read() = 0")),
      (copy) => (copy.counts.severities.high = -1),
    ]);
    refuses(isSarif, log, [
      (copy) => (copy.version = "2.0.0"),
      (copy) => delete copy.runs[0].tool.driver.name,
      (copy) => delete copy.runs[0].results[0].message,
      (copy) => (copy.runs[0].results[0].level = "bogus"),
      (copy) => (copy.runs[0].results[0].extra = 1),
      (copy) => (copy.runs[0].results[2].suppressions = [{ kind: "external", status: "granted" }]),
      (copy) => (copy.runs[0].invocations[0].startTimeUtc = "yesterday"),
      (copy) => delete copy.runs[0].invocations[0].toolExecutionNotifications[0].message,
    ]);
  }
  console.log(`agreed: ${name}, an audit of ${record.counts.total} findings`);
}
