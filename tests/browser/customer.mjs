// The customer's page, why records are there, correcting that, notes, and the work list.
import { assert, fits, scene } from "./lib/scene.mjs";
import { ask, customer, get } from "./lib/hub.mjs";
import { settled } from "./lib/views.mjs";

const rows = (page) => page.getByRole("region", { name: "Timeline" }).getByRole("article");
const drawer = (page) => page.getByRole("region", { name: "Record", exact: true });
const timeline = (page) => page.getByRole("region", { name: "Timeline" });
const open = async (page, go, name, rest = "") => {
	const who = await customer(name);
	await go(`/customer/${who.id}${rest}`);
	await settled(page);
	await page.getByRole("heading", { level: 1, name: who.name }).waitFor();
	await rows(page).first().waitFor();
	return who;
};
const count = async (page) => Number((await timeline(page).getByRole("status").first().innerText()).replace(/\D/g, ""));
const card = (page, name) => page.getByRole("main").locator("details", { has: page.getByRole("heading", { level: 2, name }) });

scene("who they are: name, ids, addresses, people with roles, last contacts, open matters", {}, async ({ page, go }) => {
	await open(page, go, "Virtasen Konepaja");
	const head = await page.getByRole("main").innerText();
	for (const text of ["LV-1001", "info@virtasenkonepaja.example", "+35835550101"]) assert.ok(head.includes(text), text);
	const people = card(page, "People");
	assert.match(await people.innerText(), /Eeva Virtanen[\s\S]*Kalle Sorsa/);
	assert.match(await people.innerText(), /toimitusjohtaja/i, "the role is told");
	for (const source of ["crm", "tickets", "mail", "notes"]) assert.ok(await card(page, "Last contact by source").getByRole("link", { name: source }).count(), source);
	assert.match(await card(page, "Open matters").innerText(), /Lämmön talteenotto kompressoreista/);
});

scene("the timeline runs over all sources, newest first, and is narrowed by source, kind, year and words", {}, async ({ page, go }) => {
	await open(page, go, "Virtasen Konepaja");
	const all = await count(page);
	const times = await rows(page).locator("time").evaluateAll((list) => list.map((one) => one.getAttribute("datetime")));
	assert.deepEqual(times, [...times].sort().reverse());
	await page.getByRole("combobox", { name: "Source", exact: true }).selectOption("mail");
	await page.waitForURL(/source=mail/);
	await settled(page);
	await page.waitForFunction((n) => document.querySelectorAll("section.timeline article, main article").length < n, all);
	const mails = await count(page);
	assert.ok(mails < all && mails > 0);
	await page.getByRole("combobox", { name: "Year", exact: true }).selectOption("2026");
	await page.waitForURL(/year=2026/);
	await page.waitForTimeout(400);
	assert.ok((await count(page)) < mails);
	await page.getByRole("list", { name: "Filters in force" }).getByRole("link", { name: /^Source mail/ }).click();
	await page.waitForURL((url) => !url.search.includes("source"));
	await page.goBack();
	await page.waitForURL(/source=mail/);
	await page.getByRole("link", { name: "Clear the filters" }).first().click();
	await page.waitForURL((url) => !/source|year/.test(url.search));
	await page.getByRole("searchbox", { name: "Words in the timeline" }).fill("kompressorit");
	await page.waitForURL(/q=kompressorit/);
	await page.waitForTimeout(500);
	const said = await count(page);
	assert.ok(said > 0 && said < all);
});

scene("contacts over time are drawn, and can be read as a table", {}, async ({ page, go }) => {
	await open(page, go, "Meriharjun Meijeri");
	const chart = page.getByRole("region", { name: "Contacts by month" });
	await chart.locator("canvas").waitFor();
	const inked = await chart.locator("canvas").evaluate((canvas) => new Set(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data).size);
	assert.ok(inked > 8, "something is drawn");
	await chart.getByRole("button", { name: "As a table" }).click();
	assert.ok((await chart.getByRole("row").count()) > 5);
});

scene("a record opens beside the timeline, and its original is one click away", {}, async ({ page, go }) => {
	await open(page, go, "Meriharjun Meijeri", "?kind=ticket");
	await rows(page).first().getByRole("link").first().click();
	await drawer(page).getByRole("link", { name: /Open the original/ }).waitFor();
	await page.keyboard.press("Escape");
	await drawer(page).waitFor({ state: "hidden" });
});

// ---- why, and correcting it ----
const links = async (record) => (await get(`/records/${record}/links`)).links;

scene("why is this here: rules and words; does not belong: two clicks, and undone by one", {}, async ({ page, go }) => {
	const who = await open(page, go, "Kantolan Leipomo", "?source=mail");
	const before = await count(page);
	const record = Number((await rows(page).first().getByRole("heading").getByRole("link").getAttribute("id")).slice(2));
	await rows(page).first().getByRole("button", { name: "Why?" }).click();
	const dialog = page.getByRole("dialog", { name: "Why is this here?" });
	const entry = dialog.getByRole("listitem").filter({ has: page.getByRole("link", { name: who.name, exact: true }) }).first();
	assert.match(await entry.innerText(), /domain|e-mail address|mentioned|name/i);
	await entry.getByRole("button", { name: "Does not belong" }).click();
	await dialog.getByText(/\d+ records? moves?\./).waitFor();
	await dialog.getByRole("button", { name: "Unlink" }).click();
	const said = page.getByRole("status").filter({ hasText: "Unlinked: Kantolan" });
	await said.waitFor();
	assert.ok(!(await links(record)).some((link) => link.customer === who.id && link.strength !== "denied"), "it is gone from the hub");
	if (await dialog.isVisible()) await page.keyboard.press("Escape");
	await page.waitForTimeout(600);
	assert.equal(await count(page), before - 1);
	await said.getByRole("button", { name: "Undo" }).click();
	await page.getByText("Undone: Unlinked: Kantolan").waitFor();
	await page.waitForTimeout(600);
	assert.equal(await count(page), before);
	assert.ok((await links(record)).some((link) => link.customer === who.id));
});

scene("belongs to another: the record moves there", {}, async ({ page, go }) => {
	const who = await open(page, go, "Rinteen Kaluste", "?source=mail");
	const other = await customer("Kivikadun Pesula");
	const record = Number((await rows(page).first().getByRole("heading").getByRole("link").getAttribute("id")).slice(2));
	await go(`/record/${record}`);
	const entry = page.getByRole("listitem").filter({ has: page.getByRole("link", { name: who.name, exact: true }) }).filter({ has: page.getByRole("button", { name: /Belongs to another/ }) }).first();
	await entry.getByRole("button", { name: /Belongs to another/ }).click();
	await page.getByRole("combobox", { name: "Whom does it belong to?" }).fill("kivikadun pesulaan");
	await page.getByRole("option", { name: /Kivikadun Pesula Oy/ }).click();
	await page.getByRole("button", { name: "Move", exact: true }).click();
	const said = page.getByRole("status").filter({ hasText: "Moved to Kivikadun" });
	await said.waitFor();
	assert.ok((await links(record)).some((link) => link.customer === other.id && link.strength === "decided"));
	await said.getByRole("button", { name: "Undo" }).click();
	await page.getByText("Undone: Moved").waitFor();
	assert.ok((await links(record)).some((link) => link.customer === who.id));
	assert.ok(!(await links(record)).some((link) => link.customer === other.id && link.strength === "decided"));
});

scene("a customer that is here twice is merged, and that is taken back from the list of corrections", {}, async ({ page, go }) => {
	const who = await open(page, go, "Kvarkfrakt");
	await page.getByRole("button", { name: "Correct" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("button", { name: /Merge with another/ }).click();
	await dialog.getByRole("combobox").fill("västerhamn");
	await dialog.getByRole("option", { name: /Västerhamn/ }).first().click();
	await dialog.getByRole("button", { name: "Merge", exact: true }).click();
	await page.getByRole("status").filter({ hasText: "Merged:" }).waitFor();
	await page.waitForTimeout(500);
	const merged = await get(`/customers/${who.id}`);
	assert.ok(merged.records > who.records);
	await page.reload();
	await settled(page);
	await card(page, "Corrections made").getByRole("button", { name: "Undo" }).first().click();
	await page.getByText(/^Undone:/).waitFor();
	assert.equal((await get(`/customers/${who.id}`)).records, who.records);
});

// ---- notes ----
const noted = async (word) => (await get(`/find?q=${word}&n=50`)).hits.some(({ title }) => title === "Käynti taimistolla");
scene("a note is written on the spot, found at once, changed and deleted", {}, async ({ page, go }) => {
	const who = await open(page, go, "Mäkisen Taimisto");
	const before = await count(page);
	await page.getByRole("button", { name: "Write a note" }).click();
	const form = page.getByRole("region", { name: "Write a note" });
	await form.getByRole("textbox", { name: "Title (optional)" }).fill("Käynti taimistolla");
	await form.getByRole("textbox", { name: "What should others know?" }).fill("Tuuli haluaa <b>kastelupumpun</b> ennen vappua & soittaa itse.");
	await form.getByRole("button", { name: "Save" }).click();
	await page.getByRole("status").filter({ hasText: "The note was saved" }).waitFor();
	await page.waitForTimeout(500);
	assert.equal(await count(page), before + 1);
	const row = rows(page).first();
	assert.match(await row.innerText(), /Käynti taimistolla[\s\S]*<b>kastelupumpun<\/b>[\s\S]*Sanna Ketola|Käynti taimistolla[\s\S]*<b>kastelupumpun<\/b>/);
	await go("/find?q=kastelupumpulla");
	await settled(page);
	await page.getByRole("main").getByRole("link", { name: "Käynti taimistolla" }).click();
	await drawer(page).getByRole("button", { name: "Edit" }).click();
	await drawer(page).getByRole("textbox", { name: "What should others know?" }).fill("Tuuli haluaa puutarhapumpun.");
	await drawer(page).getByRole("button", { name: "Save" }).click();
	await page.getByRole("status").filter({ hasText: "The note was changed" }).waitFor();
	assert.ok(!(await noted("kastelupumpulla")), "what was taken out is not found");
	assert.ok(await noted("puutarhapumppu"));
	await drawer(page).getByRole("button", { name: "Delete" }).click();
	await drawer(page).getByText("Delete it for good?").waitFor();
	await drawer(page).getByRole("button", { name: "Delete" }).click();
	await page.getByRole("status").filter({ hasText: "The note was deleted" }).waitFor();
	assert.ok(!(await noted("puutarhapumppu")));
	assert.equal((await get(`/customers/${who.id}`)).records, who.records);
});

scene("an empty note is not sent, and says why", {}, async ({ page, go }) => {
	await open(page, go, "Valo Oy");
	await page.getByRole("button", { name: "Write a note" }).click();
	const form = page.getByRole("region", { name: "Write a note" });
	await form.getByRole("textbox", { name: "What should others know?" }).fill("   ");
	await form.getByRole("button", { name: "Save" }).click();
	await form.getByRole("alert").filter({ hasText: "Write something first." }).waitFor();
	await form.getByRole("button", { name: "Cancel" }).click();
	await form.waitFor({ state: "hidden" });
});

scene("somebody else's note is read, not changed; a team's note is the team's", { as: "jari" }, async ({ page, go }) => {
	const who = await customer("Valo Oy");
	const { session } = await import("./lib/hub.mjs");
	const { cookie, csrf } = await session("sanna");
	const headers = { Cookie: `${cookie.name}=${cookie.value}`, "X-CSRF-Token": csrf };
	const all = await ask("POST", "/api/v1/notes", { to: "tcp", headers, body: { customer: who.id, title: "Kaikille", text: "Kaikkien luettavaksi" } });
	const own = await ask("POST", "/api/v1/notes", { to: "tcp", headers, body: { customer: who.id, title: "Myynnille", text: "Vain myynnille", readers: ["sales"] } });
	assert.deepEqual([all.status, own.status], [201, 201]);
	await open(page, go, "Valo Oy", "?kind=note");
	assert.equal(await rows(page).getByRole("link", { name: "Kaikille" }).count(), 1);
	assert.equal(await rows(page).getByRole("link", { name: "Myynnille" }).count(), 0);
	await rows(page).getByRole("link", { name: "Kaikille" }).click();
	await drawer(page).getByText("Kaikkien luettavaksi").waitFor();
	assert.equal(await drawer(page).getByRole("button", { name: "Edit" }).count(), 0);
	for (const { json } of [all, own]) assert.ok((await ask("DELETE", `/api/v1/notes/${json.id ?? json.record?.id}`)).status < 300);
});

// ---- work list ----
scene("the work list: a suggestion is answered by a key, and taken back by another", {}, async ({ page, go }) => {
	await go("/work");
	await settled(page);
	const list = page.getByRole("main").getByRole("article");
	await list.first().waitFor();
	const before = await list.count();
	await page.keyboard.press("j");
	await page.keyboard.press("n");
	await page.getByRole("status").filter({ hasText: /Not linked|Kept apart/ }).waitFor();
	await page.waitForFunction((n) => document.querySelectorAll("main article").length < n, before);
	await page.keyboard.press("u");
	await page.getByRole("status").filter({ hasText: "Undone" }).waitFor();
	await page.waitForFunction((n) => document.querySelectorAll("main article").length === n, before);
	await page.getByRole("button", { name: "Skip" }).first().click();
	await page.waitForFunction((n) => document.querySelectorAll("main article").length < n, before);
});

scene("records of nobody: the reader is told how many there are, and gives them to a customer", {}, async ({ page, go }) => {
	await go("/work");
	await settled(page);
	await page.getByRole("link", { name: "Without a customer" }).click();
	await page.waitForURL(/tab=unmatched/);
	const row = page.getByRole("main").getByRole("listitem").filter({ has: page.getByRole("button", { name: "Whose?" }) });
	await row.first().waitFor();
	const before = await row.count();
	await row.first().getByRole("button", { name: "Whose?" }).click();
	const dialog = page.getByRole("dialog");
	await dialog.getByRole("combobox").fill("tuuli oy");
	await dialog.getByRole("option").first().click();
	await dialog.getByText(/\d+ records? moves?\./).waitFor();
	await dialog.getByRole("button", { name: "Add", exact: true }).click();
	await page.getByRole("status").filter({ hasText: "Added:" }).waitFor();
	await page.waitForFunction((n) => [...document.querySelectorAll("main li button")].filter((one) => one.textContent.includes("Whose?")).length < n, before);
	await page.getByRole("status").getByRole("button", { name: "Undo" }).click();
	await page.getByText(/^Undone:/).waitFor();
});

scene("the customer's page is not wider than a phone", { width: 390, height: 844, touch: true }, async ({ page, go }) => {
	await open(page, go, "Virtasen Konepaja");
	await fits(page);
});
