// Searching: the box that offers customers first, the list of hits, the ways to narrow it, and what the address holds of it.
import { assert, fits, scene } from "./lib/scene.mjs";
import { customer } from "./lib/hub.mjs";
import { settled } from "./lib/views.mjs";

const box = (page) => page.getByRole("combobox", { name: "Search customers and records" });
const hits = (page) => page.getByRole("main").getByRole("article");
const filters = (page) => page.getByRole("region", { name: "Filters" });
const total = async (page) => Number((await page.getByRole("heading", { level: 1 }).getByRole("status").innerText()).replace(/\D/g, ""));
const find = async (page, go, rest) => {
	await go(`/find?${rest}`);
	await settled(page);
};

// What is typed, and whom it must offer first.
const OFFERED = [
	["virtasen", "Virtasen Konepaja Oy", "as it is written"],
	["virtasen konepajalle", "Virtasen Konepaja Oy", "inflected"],
	["meriharjun meijerissä", "Meriharjun Meijeri Oy", "inflected"],
	["virtasen konepjaa", "Virtasen Konepaja Oy", "with a slip"],
	["kobvik batvarv", "Kobbviks Båtvarv Ab", "without dots, with a slip"],
	["info@virtasenkonepaja.example", "Virtasen Konepaja Oy", "by an address"],
	["eeva.virtanen@virtasenkonepaja.example", "Eeva Virtanen", "by a person's address"],
	["+358 3 555 0101", "Virtasen Konepaja Oy", "by a phone number"],
	["9900101-0", "Virtasen Konepaja Oy", "by a business id"],
	["LV-1001", "Virtasen Konepaja Oy", "by the CRM's id"],
];
for (const [typed, name, how] of OFFERED)
	scene(`the box offers ${name} first for "${typed}" (${how})`, {}, async ({ page, go }) => {
		await go("/");
		await settled(page);
		await box(page).fill(typed);
		const first = page.getByRole("listbox", { name: "Suggestions" }).getByRole("option").first();
		await first.waitFor();
		assert.match(await first.innerText(), new RegExp(name.replace(/[.+]/g, "\\$&")));
		assert.equal(await page.getByRole("group", { name: "Customers" }).getByRole("option").first().innerText(), await first.innerText(), "customers stand before words and records");
	});

scene("an offer is taken with the arrow keys and Enter, and refused with Escape", {}, async ({ page, go }) => {
	await go("/");
	await settled(page);
	await box(page).pressSequentially("meriharjun");
	await page.getByRole("option", { name: /Meriharjun Meijeri/ }).first().waitFor();
	await page.keyboard.press("Escape");
	await page.getByRole("option").first().waitFor({ state: "hidden" });
	await page.keyboard.press("ArrowDown");
	await page.getByRole("option").first().waitFor();
	await page.keyboard.press("ArrowDown");
	const chosen = page.getByRole("option", { selected: true });
	if (!(await chosen.count())) await page.keyboard.press("ArrowDown");
	assert.equal(await box(page).getAttribute("aria-activedescendant"), await chosen.getAttribute("id"), "the box says which one is chosen");
	await page.keyboard.press("Enter");
	await page.getByRole("heading", { level: 1, name: "Meriharjun Meijeri Oy" }).waitFor();
});

scene("Enter searches: customers, then records with source, date, customers and the words marked", {}, async ({ page, go }) => {
	await go("/");
	await settled(page);
	await box(page).fill("tiiviste vuotaa");
	await box(page).press("Enter");
	await page.waitForURL("**/find?q=tiiviste*");
	await settled(page);
	assert.ok((await total(page)) > 3);
	const first = hits(page).first();
	await first.getByRole("link").first().waitFor();
	assert.match(await first.innerText(), /crm|tickets|mail|notes/, "the source is named");
	assert.ok(await first.locator("time").getAttribute("datetime"), "the time is told");
	assert.ok(await page.getByRole("mark").count() || await page.locator("mark").count(), "words are marked");
	for (const text of await page.locator("mark").allInnerTexts()) assert.match(text, /tiivis|vuo/i, "only words that were asked for are marked");
	assert.ok(await hits(page).getByRole("link", { name: "Meriharjun Meijeri Oy" }).count(), "whom it is about is one click away");
});

scene("a name finds the customer above the records", {}, async ({ page, go }) => {
	await find(page, go, "q=virtasen+konepajan");
	const found = page.getByRole("region", { name: "Customers" }).getByRole("link");
	assert.match(await found.first().innerText(), /Virtasen Konepaja Oy/);
});

scene("every inflection finds the same records", {}, async ({ page, go }) => {
	await find(page, go, "q=kompressori");
	const plain = await total(page);
	await find(page, go, "q=kompressoreissa");
	assert.equal(await total(page), plain);
	assert.ok(plain > 10);
});

scene("a slip is said, and what was typed can be insisted on", {}, async ({ page, go }) => {
	await find(page, go, "q=kompresori");
	const read = page.getByRole("list", { name: "How the search was read" });
	assert.match(await read.innerText(), /“kompresori” is nowhere/);
	await read.getByRole("link", { name: /anyway/ }).click();
	await settled(page);
	assert.equal(await page.getByText("No hits").count(), 1);
});

scene("facets combine, count what is left, and are undone one by one and all at once", {}, async ({ page, go }) => {
	await find(page, go, "q=pumppu");
	const all = await total(page);
	const facet = (group, name) => filters(page).getByRole("group", { name: group }).getByRole("link", { name });
	const said = async (group, name) => Number((await facet(group, name).innerText()).match(/(\d+)\+?$/)[1]);
	const tickets = await said("Source", /^tickets/);
	await facet("Source", /^tickets/).click();
	await page.waitForURL(/source=tickets/);
	await settled(page);
	assert.equal(await total(page), tickets, "the count beside a source is what comes");
	await facet("Source", /^mail/).click();
	await page.waitForURL(/source=mail/);
	await settled(page);
	const both = await total(page);
	assert.ok(both > tickets && both < all, "two of one kind: either");
	await facet("Year", /^2025/).click();
	await page.waitForURL(/year=2025/);
	await settled(page);
	const limited = await total(page);
	assert.ok(limited < both, "two kinds: both");
	const limits = page.getByRole("list", { name: "Filters in force" });
	assert.equal(await limits.getByRole("link", { name: /remove the filter/ }).count(), 3);
	await limits.getByRole("link", { name: /^Source mail/ }).click();
	await page.waitForURL((url) => !url.search.includes("source=mail"));
	await settled(page);
	assert.ok((await total(page)) <= limited);
	await page.getByRole("link", { name: "Clear the filters" }).first().click();
	await page.waitForURL((url) => !/source|year/.test(url.search));
	await settled(page);
	assert.equal(await total(page), all);
});

scene("a customer and a kind narrow, too", {}, async ({ page, go }) => {
	const who = await customer("Meriharjun Meijeri");
	await find(page, go, "q=pumppu");
	await filters(page).getByRole("group", { name: "Customer" }).getByRole("link", { name: /Meriharjun/ }).click();
	await page.waitForURL(new RegExp(`customer=${who.id}`));
	await settled(page);
	await filters(page).getByRole("group", { name: "Kind" }).getByRole("link", { name: /^Ticket/ }).click();
	await page.waitForURL(/kind=ticket/);
	await settled(page);
	const n = await hits(page).count();
	assert.ok(n > 0);
	assert.equal(await hits(page).getByRole("img", { name: "Ticket" }).count(), n);
	assert.equal(await hits(page).getByRole("link", { name: "Meriharjun Meijeri Oy" }).count(), n);
});

scene("newest first puts them in the order of time", {}, async ({ page, go }) => {
	await find(page, go, "q=huolto");
	await page.getByRole("link", { name: "Newest first" }).click();
	await page.waitForURL(/sort=newest/);
	await settled(page);
	const times = await hits(page).locator("time").evaluateAll((all) => all.map((one) => one.getAttribute("datetime")));
	assert.deepEqual(times, [...times].sort().reverse());
});

scene("more is fetched by a button, without repeating a record", {}, async ({ page, go }) => {
	await find(page, go, "q=huolto");
	const before = await hits(page).count();
	const all = await total(page);
	await page.getByRole("button", { name: "Show more" }).click();
	await page.waitForFunction((n) => document.querySelectorAll("main article").length > n, before);
	while (await page.getByRole("button", { name: "Show more" }).count()) {
		// The list grows by itself, too, when its end is in sight: the button may be gone before it is pressed.
		await page.getByRole("button", { name: "Show more" }).click({ timeout: 1000 }).catch(() => {});
		await page.waitForTimeout(250);
	}
	const ids = await page.locator("main article a[data-row]").evaluateAll((links) => links.map((a) => a.id));
	assert.equal(new Set(ids).size, ids.length, "no record twice");
	assert.ok(ids.length > before && ids.length <= all);
});

scene("the address holds it all: reload, back and forward bring it back", {}, async ({ page, go }) => {
	await find(page, go, "q=pumppu&kind=ticket&sort=newest");
	const n = await total(page);
	const title = await hits(page).first().getByRole("link").first().innerText();
	await hits(page).nth(2).getByRole("link").first().click();
	const drawer = page.getByRole("region", { name: "Record", exact: true });
	await drawer.waitFor();
	assert.match(page.url(), /open=\d+/);
	await page.reload();
	await settled(page);
	await drawer.waitFor();
	assert.equal(await total(page), n);
	await page.goBack();
	await drawer.waitFor({ state: "hidden" });
	assert.equal(await hits(page).first().getByRole("link").first().innerText(), title);
	await page.goForward();
	await drawer.waitFor();
	await page.goBack();
	await hits(page).getByRole("link", { name: /^[^:]* (Oy|Ab|Ky)$/ }).first().click();
	await page.waitForURL("**/customer/*");
	await page.goBack();
	await page.waitForURL("**/find?q=pumppu*");
	await settled(page);
	assert.equal(await total(page), n);
});

scene("a conversation unfolds in the list", {}, async ({ page, go }) => {
	await find(page, go, "q=tiiviste");
	await page.getByRole("button", { name: /in this conversation/ }).first().click();
	const thread = page.getByRole("group", { name: "The other records of this conversation" });
	await thread.getByRole("article").first().waitFor();
	await page.getByRole("button", { name: "Hide the conversation" }).click();
	await thread.waitFor({ state: "hidden" });
});

scene("a record shows its text, its people, its conversation and the way to the original", {}, async ({ page, go }) => {
	await find(page, go, "q=kind:ticket+tiiviste");
	await hits(page).first().getByRole("link").first().click();
	const drawer = page.getByRole("region", { name: "Record", exact: true });
	await drawer.getByRole("heading", { name: "Why is this here?" }).waitFor();
	const original = drawer.getByRole("link", { name: /Open the original/ });
	assert.match(await original.getAttribute("href"), /^https:\/\/tiketit\.lahdevirta\.example\/browse\/HUO-/);
	assert.match(await original.getAttribute("rel"), /noopener/);
	assert.match(await drawer.innerText(), /Reporter|Assignee/);
	await drawer.getByRole("button", { name: "Close" }).click();
	await drawer.waitFor({ state: "hidden" });
});

for (const [q, what] of [["", "nothing"], ["(((((", "brackets"], ['"ei pääty', "an open quote"], ["*", "a star"], ["source:", "a filter without a value"], ["AND OR NOT", "nothing but operators"], ["a".repeat(1900), "a very long word"], ["😀 \u202e \u0000x", "odd letters"]])
	scene(`the worst question still gets an answer: ${what}`, {}, async ({ page, go }) => {
		await find(page, go, `q=${encodeURIComponent(q)}`);
		await fits(page);
	});
