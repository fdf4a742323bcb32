// Sources that mean harm (tests/fixtures/hostile-mail), opened in every view: nothing of theirs runs, nothing is asked of another
// host, nothing breaks the layout, and what they wrote is shown as they wrote it. The scenes' own watch sees to requests, errors
// and question boxes.
import { assert, fits, scene } from "./lib/scene.mjs";
import { ask, customer, get, makePeople } from "./lib/hub.mjs";
import { settled } from "./lib/views.mjs";
import { disguises } from "../fixtures/hostile-mail/payloads.mjs";

await makePeople();
const WORD = "vihamielinen";
const PARTS = 4;

// Nothing ran, nothing of a source became an element.
async function harmless(page, where) {
	const found = await page.evaluate(() => ({
		ran: window.__hostile ?? document.defaultView.__hostile ?? null,
		elements: [...document.querySelectorAll("main script, main iframe, main object, main embed, main base, main meta, main link, main style, main img, main video, main audio, main form[action], head base")].map((one) => one.outerHTML.slice(0, 100)),
		handlers: [...document.querySelectorAll("*")].filter((one) => [...one.attributes].some(({ name }) => name.startsWith("on"))).map((one) => one.outerHTML.slice(0, 100)),
		links: [...document.querySelectorAll("a[href]")].map((one) => one.getAttribute("href")).filter((href) => !/^(https?:\/\/|mailto:|\/|#)/i.test(href)),
		styled: [...document.querySelectorAll("main [style]")].map((one) => one.getAttribute("style")).filter((style) => /url\(|fixed|expression/i.test(style)),
		away: [...document.querySelectorAll('a[href^="http"]')].filter((one) => one.target !== "_blank" || !/noopener/.test(one.rel)).map((one) => one.outerHTML.slice(0, 120)),
	}));
	assert.deepEqual(found, { ran: null, elements: [], handlers: [], links: [], styled: [], away: [] }, where);
}

async function look(page, go, path) {
	await go(path);
	await settled(page);
	await page.waitForTimeout(120); // what would run late, runs
	await harmless(page, path);
	await fits(page);
}

// To another address without loading the page anew, as going back and forward does: what runs late there is seen later.
async function hop(page, path) {
	await page.evaluate((to) => {
		history.pushState({ entry: to }, "", to);
		dispatchEvent(new PopStateEvent("popstate", { state: { entry: to } }));
		return new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
	}, path);
	await settled(page, 0);
}

const all = [];
for (let cursor = null; ; ) {
	const reply = await get(`/find?q=${WORD}&n=100${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
	all.push(...reply.hits);
	cursor = reply.cursor;
	if (!cursor) break;
}
const people = (await get("/customers?n=100")).customers;
const target = await customer("Kohde Oy");

for (const width of [1440, 390]) {
	scene(`lists of hostile records, ${width}`, { as: "antero", width, height: 900 }, async ({ page, go }) => {
		for (const path of ["/", `/find?q=${WORD}`, `/find?q=${WORD}&sort=newest`, "/find?q=script", "/find?q=%3Cscript%3E__hostile%3D1%3C%2Fscript%3E", "/find?q=onerror", `/customer/${target.id}`, `/customer/${target.id}?q=${WORD}`,
			"/work", "/work?tab=unmatched", "/sources", "/sources/notes", "/sources/notes?tab=failures", "/sources/mail?tab=failures", "/audit", "/users"])
			await look(page, go, path);
		// the whole list, to its end
		await go(`/find?q=${WORD}`);
		await settled(page);
		for (let n = 0; n < 8 && (await page.getByRole("button", { name: "Show more" }).count()); n++) {
			await page.getByRole("button", { name: "Show more" }).click().catch(() => {});
			await page.waitForTimeout(400);
		}
		await harmless(page, "the whole list");
		await fits(page);
	});

	// Every hit on its own page, on a phone every third.
	for (let part = 0; part < PARTS; part++)
		scene(`each hostile record opened, ${width}, part ${part + 1} of ${PARTS}`, { as: "antero", width, height: 900 }, async ({ page, go }) => {
			assert.ok(all.length > 100, `only ${all.length} hostile records were found`);
			const some = all.filter((_, n) => width === 1440 || n % 3 === 0).filter((_, n) => n % PARTS === part);
			await go("/");
			for (const { id } of some) {
				await hop(page, `/record/${id}`);
				await harmless(page, `record ${id}`);
				await fits(page);
			}
			await page.waitForTimeout(500);
			await harmless(page, "what ran late");
		});

	scene(`each hostile customer opened, ${width}`, { as: "antero", width, height: 900 }, async ({ page, go }) => {
		const some = people.filter((_, n) => n % (width === 1440 ? 2 : 4) === 0);
		assert.ok(some.length > 8);
		await go("/");
		for (const { id } of some) {
			await hop(page, `/customer/${id}`);
			await harmless(page, `customer ${id}`);
			await fits(page);
		}
		await page.waitForTimeout(500);
		await harmless(page, "what ran late");
	});
}

scene("hostile words in the box, in names of users and of customers, in notes and in addresses", { as: "antero", allow: [/./] }, async ({ page, go }) => {
	const evil = `"><img src=x onerror=__hostile=1><script>__hostile=1</script>`;
	await ask("POST", "/api/v1/users", { body: { name: "paha", full_name: evil, email: "paha@hostile.example", teams: [evil.slice(0, 30)] } });
	await ask("POST", "/api/v1/notes", { body: { customer: target.id, title: evil, text: `${evil}\njavascript:__hostile=1\nhttps://track.hostile.example/` } });
	await ask("POST", "/api/v1/decisions", { body: { what: { kind: "create", name: evil, person: false }, why: evil } });
	for (const path of ["/users", "/audit", `/customer/${target.id}`, `/find?q=${encodeURIComponent(evil)}`, `/find?q=a&source=${encodeURIComponent(evil)}&customer=${encodeURIComponent(evil)}&year=${encodeURIComponent(evil)}`,
		`/customer/${encodeURIComponent(evil)}`, `/sources/${encodeURIComponent(evil)}`, `/login?to=${encodeURIComponent("javascript:__hostile=1")}`, `/welcome?key=${encodeURIComponent(evil)}`, `/${encodeURIComponent(evil)}`]) {
		await go(path);
		await page.waitForTimeout(500);
		await harmless(page, path);
		await fits(page);
	}
	await go("/");
	await settled(page);
	await page.getByRole("combobox").fill("onerror");
	await page.getByRole("option").first().waitFor();
	await harmless(page, "offers");
	await page.getByRole("combobox").fill("vihamies");
	await page.getByRole("option").first().waitFor();
	await harmless(page, "offers");
});

scene("after log-in one is sent nowhere but within the page", { as: null, allow: [/./] }, async ({ page, go }) => {
	const { PASSWORD, url } = await import("./lib/hub.mjs");
	for (const to of ["https://track.hostile.example/", "//track.hostile.example/", "/\\track.hostile.example", "javascript:__hostile=1", "/api/v1/logout"]) {
		await page.context().clearCookies();
		await go(`/login?to=${encodeURIComponent(to)}`);
		await page.getByRole("textbox", { name: "User name" }).fill("antero");
		await page.getByRole("textbox", { name: "Password" }).fill(PASSWORD);
		await page.keyboard.press("Enter");
		await page.getByRole("navigation").first().waitFor();
		assert.equal(new URL(page.url()).origin, url);
		await harmless(page, to);
	}
});

scene("who pretends to be somebody else is shown with the address that the mail came from", { as: "antero" }, async ({ page, go }) => {
	const spoofed = all.filter(({ title }) => title?.includes("toisen nimissä"));
	assert.ok(spoofed.length >= disguises.length - 2, `${spoofed.length} of ${disguises.length}`);
	for (const { id } of spoofed) {
		await go(`/record/${id}`);
		await page.waitForFunction(() => document.querySelector("main h1"));
		assert.match(await page.getByRole("main").innerText(), /@(hostile\.example|xn--)/, "the address itself stands beside the name");
	}
});

scene("text that turns round stays in its place", { as: "antero" }, async ({ page, go }) => {
	await go(`/find?q=${WORD}+neskilhitnuk`);
	await settled(page);
	// What stands after a hostile title on the same line is not turned: it keeps its own direction.
	const turned = await page.evaluate(() => [...document.querySelectorAll("main bdi, main [dir=auto]")].filter((one) => /[\u202a-\u202e\u2066-\u2069]/.test(one.textContent)).every((one) => ["isolate", "isolate-override", "plaintext"].includes(getComputedStyle(one).unicodeBidi)));
	assert.ok(turned, "such text is kept apart");
	const loose = await page.evaluate(() => {
		const bad = [];
		const walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
		while (walker.nextNode()) if (/[\u202a-\u202e\u2066-\u2069]/.test(walker.currentNode.data) && !walker.currentNode.parentElement.closest("bdi, [dir=auto], pre, td, textarea")) bad.push(walker.currentNode.parentElement.outerHTML.slice(0, 100));
		return bad;
	});
	assert.deepEqual(loose, []);
});
