// The page with a real mail archive and a real ticket system: 26,000 records and more, text as people write it.
import { assert, fits, scene } from "./lib/scene.mjs";
import { get, makePeople } from "./lib/hub.mjs";
import { settled } from "./lib/views.mjs";

await makePeople();
const hits = (page) => page.getByRole("main").getByRole("article");
const total = async (page) => Number((await page.getByRole("heading", { level: 1 }).getByRole("status").innerText()).replace(/\D/g, ""));

// Words of the archive itself: frequent ones, rare ones, none of ours.
const seed = await get("/find?q=kernel&n=50");
const people = (await get("/customers?n=40")).customers.sort((a, b) => b.records - a.records);

for (const q of ["kernel", "android", "cache interrupt", '"module loader"', "kern*", "from:linux", "kind:ticket crash", "patch -kernel", "after:2003 mips"])
	for (const [width, height] of [[1440, 900], [390, 844]])
		scene(`a search in much: ${q}, ${width}`, { width, height }, async ({ page, go }) => {
			await go(`/find?q=${encodeURIComponent(q)}`);
			await settled(page);
			await hits(page).first().waitFor();
			assert.ok((await total(page)) > 0);
			await fits(page);
		});

scene("facets of thousands narrow, and what they count is what comes", {}, async ({ page, go }) => {
	await go("/find?q=kernel");
	await settled(page);
	const filters = page.getByRole("region", { name: "Filters" });
	const year = filters.getByRole("group", { name: "Year" }).getByRole("link").first();
	const [name, count] = (await year.innerText()).split(/\s+/);
	await year.click();
	await page.waitForURL(new RegExp(`year=${name}`));
	await settled(page);
	const said = Number(count.replace(/\D/g, ""));
	assert.ok(count.endsWith("+") ? (await total(page)) >= said : (await total(page)) === said, `${count} beside ${name}, and ${await total(page)} came`);
});

scene("a long list grows to its two hundredth hit without repeating one", {}, async ({ page, go }) => {
	await go("/find?q=kernel");
	await settled(page);
	const ids = () => page.locator("main article a[data-row]").evaluateAll((links) => links.map((a) => a.id));
	for (let n = 0; n < 40 && (await ids()).length < 200; n++) {
		const before = (await ids()).length;
		await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
		await page.waitForFunction((many) => document.querySelectorAll("main article a[data-row]").length > many || !document.querySelector("main .more"), before).catch(() => {});
	}
	const all = await ids();
	assert.ok(all.length >= 200, `${all.length} hits`);
	assert.equal(new Set(all).size, all.length);
	await page.mouse.wheel(0, -100000);
});

for (const { id, name, records } of people.slice(0, 6))
	scene(`a customer with much: ${name}, ${records} records`, {}, async ({ page, go }) => {
		await go(`/customer/${id}`);
		await settled(page);
		await page.getByRole("heading", { level: 1 }).waitFor();
		await fits(page);
		await page.setViewportSize({ width: 390, height: 844 });
		await fits(page);
	});

scene("records as people wrote them: thirty of them, opened", {}, async ({ page, go }) => {
	for (const { id } of seed.hits.slice(0, 30)) {
		await go(`/record/${id}`);
		await settled(page);
		await fits(page);
	}
});

scene("a conversation of many is read in pages", {}, async ({ page, go }) => {
	const long = seed.hits.sort((a, b) => b.more_in_thread - a.more_in_thread)[0];
	await go(`/record/${long.id}`);
	await settled(page);
	await page.getByRole("heading", { name: /^Conversation/ }).waitFor();
	await fits(page);
});

scene("typing offers within a second, whatever the letters", {}, async ({ page, go }) => {
	await go("/");
	await settled(page);
	for (const typed of ["ma", "mar", "kernel pa", "ralf", "linux-mips", "a", "th"]) {
		const answered = page.waitForResponse((reply) => reply.url().includes("/suggest"), { timeout: 4000 }).catch(() => null);
		await page.getByRole("combobox").fill(typed);
		if (typed.length > 1) assert.ok(await answered, `nothing was offered for ${typed}`);
	}
});

scene("the work list of thousands is paged", { as: "antero" }, async ({ page, go }) => {
	for (const path of ["/work", "/work?tab=unmatched"]) {
		await go(path);
		await settled(page);
		await fits(page);
	}
});
