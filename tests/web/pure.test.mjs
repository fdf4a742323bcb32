// What of the page needs no browser: marks, addresses, languages, the chart's months, the hub's sentences.
import assert from "node:assert/strict";
import { test } from "node:test";
import { pieces } from "../../core/web/app/marks.js";
import { address, changed, routeOf, safeReturn, safeUrl, toggled } from "../../core/web/app/urls.js";
import { filled, series, stacked } from "../../core/web/app/months.js";
import * as lang from "../../core/web/app/lang.js";
import * as said from "../../core/web/app/said.js";

const marked = (text, marks) => pieces(text, marks).map((p) => (p.mark ? `[${p.text}]` : p.text)).join("");

test("marks count code points, not UTF-16 units", () => {
	assert.equal(marked("a😀bc", [[2, 1]]), "a😀[b]c");
	assert.equal(marked("Virtasen Konepaja", [[9, 8]]), "Virtasen [Konepaja]");
	assert.equal(marked("äö", [[0, 2]]), "[äö]");
});
test("marks that make no sense lose no text", () => {
	for (const marks of [[[5, 3], [0, 2]], [[0, 4], [2, 4]], [[90, 5]], [[3, 900]], [[0, 0]], null, []])
		assert.equal(pieces("abcdef", marks).map((p) => p.text).join(""), "abcdef");
	assert.deepEqual(pieces(null, null), []);
	assert.deepEqual(pieces("", [[0, 3]]), []);
});

test("only harmless schemes become links", () => {
	assert.equal(safeUrl("https://example.fi/a?b=c"), "https://example.fi/a?b=c");
	assert.equal(safeUrl(" HTTP://example.fi/ "), "http://example.fi/");
	assert.equal(safeUrl("mailto:a@example.fi"), "mailto:a@example.fi");
	for (const bad of [
		"javascript:alert(1)", "JaVaScRiPt:alert(1)", "java\nscript:alert(1)", " javascript:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd", "//example.fi",
		"/find", "https://", "http:///x y", "", null, undefined, 7, {}, "blob:https://x", "https:alert(1)",
	]) {
		const url = safeUrl(bad);
		assert.ok(url === null || /^https?:\/\/[^/]/.test(url), `${bad} became ${url}`);
	}
	assert.equal(safeUrl("javascript:alert(1)"), null);
	assert.equal(safeUrl("javascript://example.fi/%0aalert(1)"), null);
});

test("addresses hold the state, and nothing empty", () => {
	assert.equal(address("/find", { q: "a b&c", source: ["x", "y"], sort: null, n: "" }), "/find?q=a+b%26c&source=x&source=y");
	assert.equal(address("/find"), "/find");
	const params = new URLSearchParams("q=a&source=x&open=7");
	assert.equal(changed("/find", params, { open: null }), "/find?q=a&source=x");
	assert.equal(toggled("/find", params, "source", "y"), "/find?q=a&source=x&source=y&open=7");
	assert.equal(toggled("/find", params, "source", "x"), "/find?q=a&open=7");
});
test("every address has a view", () => {
	assert.deepEqual(routeOf("/"), { view: "home", id: null });
	assert.deepEqual(routeOf("/customer/12"), { view: "customer", id: "12" });
	assert.deepEqual(routeOf("/customer/c12/"), { view: "customer", id: "12" });
	assert.deepEqual(routeOf("/sources/a%20b%2Fc"), { view: "source", id: "a b/c" });
	assert.deepEqual(routeOf("/sources/%E0%A4"), { view: "source", id: "%E0%A4" });
	assert.equal(routeOf("/customer/x").view, "missing");
	assert.equal(routeOf("/nothing").view, "missing");
});
test("a log-in leads back into the page only", () => {
	assert.equal(safeReturn("/find?q=a"), "/find?q=a");
	for (const bad of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", "", null, "/api/v1/me", "/login?to=/login"]) assert.equal(safeReturn(bad), "/");
});

test("the chart has silent months, too, and at most five years", () => {
	const months = filled([{ month: "2025-11", counts: { message: 2 } }, { month: "2026-02", counts: { note: 1 } }], new Date("2026-03-15"));
	assert.deepEqual(months.map((m) => m.month), ["2025-11", "2025-12", "2026-01", "2026-02", "2026-03"]);
	assert.deepEqual(months[1].counts, {});
	const long = filled([{ month: "1998-01", counts: { message: 1 } }, { month: "2026-01", counts: { message: 1 } }], new Date("2026-03-15"));
	assert.equal(long.length, 60);
	assert.equal(long.at(-1).month, "2026-03");
	const old = filled([{ month: "1998-01", counts: { message: 1 } }], new Date("2026-03-15"));
	assert.deepEqual([old[0].month, old.at(-1).month], ["1998-01", "2000-01"]);
	assert.deepEqual(filled([]), []);
	assert.deepEqual(filled(null), []);
});
test("kinds beyond the fifth are put together, cards are no contacts", () => {
	const counts = { message: 9, note: 8, ticket: 7, comment: 6, deal: 5, event: 4, account: 99 };
	const rows = series([{ month: "2026-01", counts }]);
	assert.deepEqual(rows.map((r) => r.kind), ["message", "note", "ticket", "comment", "other"]);
	assert.deepEqual(rows.at(-1).values, [9]);
	assert.deepEqual(stacked(rows).map((v) => v[0]), [39, 30, 22, 15, 9]);
});

test("the browser's language is taken, unless one was chosen", () => {
	assert.equal(lang.preferred(null, ["sv-FI", "fi"]), "sv");
	assert.equal(lang.preferred(null, ["de", "fi-FI"]), "fi");
	assert.equal(lang.preferred("en", ["fi"]), "en");
	assert.equal(lang.preferred("xx", []), "en");
});
test("numbers, plurals and dates are written as the language writes them", async () => {
	await lang.choose("fi");
	assert.equal(lang.t("n-records", { n: 1 }), "1 merkintä");
	assert.equal(lang.t("n-records", { n: 12345 }).replace(/\s/g, " "), "12 345 merkintää");
	assert.equal(lang.shortDate("2024-03-03T10:00:00Z", Date.parse("2026-01-01")), "3.3.2024");
	assert.equal(lang.ago("2026-01-01T00:00:00Z", Date.parse("2026-01-04T01:00:00Z")), "3 päivää sitten");
	await lang.choose("sv");
	assert.equal(lang.t("n-records", { n: 2 }), "2 poster");
	await lang.choose("en");
	assert.equal(lang.t("n-records", { n: 1 }), "1 record");
	assert.equal(lang.t("no.such.key"), "no.such.key");
	for (const bad of [null, "", "yesterday", undefined]) assert.equal(lang.shortDate(bad) + lang.fullDate(bad) + lang.ago(bad), "");
});
test("a name that turns the writing turns itself only", async () => {
	await lang.choose("en");
	assert.equal(lang.t("why.added", { name: "abc\u202edef" }), "Linked: \u2068abc\u202edef\u2069");
	assert.equal(lang.t("why.added", { name: "{name} $& Oy" }), "Linked: {name} $& Oy");
});

test("what the hub says is translated where its form is known, and kept where not", async () => {
	await lang.choose("fi");
	assert.equal(said.note('"konpaja" is nowhere: searched "konepaja" instead'), "Sanaa ”konpaja” ei ole missään: haettiin sen sijaan ”konepaja”.");
	assert.deepEqual(said.instead('"konpaja" is nowhere: searched "konepaja" instead'), ["konpaja", "konepaja"]);
	assert.equal(said.note("something quite new"), "something quite new");
	assert.equal(said.why("has not been read yet"), "Lähdettä ei ole vielä luettu.");
	assert.equal(said.why("connection refused"), "connection refused");
	assert.equal(said.why("12 could not be read: meri source failures crm lists them"), "Lukematta jäi 12.");
	assert.equal(said.schedule("every 15m"), "luetaan 15m välein");
	assert.equal(said.schedule("when it rains"), "when it rains");
	assert.equal(said.rule("person's name"), "henkilön nimi");
	assert.deepEqual(said.reason("mention (Matti Lahtela)"), { rule: "maininta tekstissä", words: "Matti Lahtela" });
	assert.deepEqual(said.reason("name a ~ b, phone"), { rule: null, words: "name a ~ b, phone" });
});
