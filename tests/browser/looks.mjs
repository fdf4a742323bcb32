// By keyboard alone, in three languages, light and dark, on a phone; and the states that are nobody's wish.
import { assert, fits, scene } from "./lib/scene.mjs";
import { customer, url } from "./lib/hub.mjs";
import { settled } from "./lib/views.mjs";

const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent?.trim().slice(0, 60));

scene("keyboard alone: / searches, j and k move, Enter opens, Esc closes, and the focus returns", {}, async ({ page, go }) => {
	await go("/sources");
	await settled(page);
	await page.keyboard.press("/");
	assert.equal(await focused(page), "search");
	await page.keyboard.type("pumppu");
	await page.keyboard.press("Enter");
	await page.waitForURL("**/find?q=pumppu*");
	await settled(page);
	await page.keyboard.press("Escape");
	await page.keyboard.press("j");
	const first = await focused(page);
	assert.match(first, /^r-\d+$/);
	await page.keyboard.press("j");
	const second = await focused(page);
	assert.notEqual(second, first);
	await page.keyboard.press("k");
	assert.equal(await focused(page), first);
	await page.keyboard.press("Enter");
	await page.getByRole("region", { name: "Record", exact: true }).getByRole("heading").first().waitFor();
	await page.keyboard.press("Escape");
	await page.getByRole("region", { name: "Record", exact: true }).waitFor({ state: "hidden" });
	await page.waitForTimeout(100);
	assert.equal(await focused(page), first, "the focus is where it was");
	for (const [keys, path] of [["gw", "/work"], ["gs", "/sources"], ["gh", "/"]]) {
		for (const key of keys) await page.keyboard.press(key);
		await page.waitForURL(url + path);
	}
});

scene("Tab reaches everything, in order, and what has the focus is seen", {}, async ({ page, go }) => {
	await go("/find?q=pumppu");
	await settled(page);
	await page.evaluate(() => document.activeElement.blur());
	const seen = [];
	for (let n = 0; n < 40; n++) {
		await page.keyboard.press("Tab");
		const at = await page.evaluate(() => {
			const element = document.activeElement;
			const style = getComputedStyle(element);
			const box = element.getBoundingClientRect();
			return { what: element.textContent.trim().slice(0, 30) || element.id, ring: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0, shadow: style.boxShadow !== "none", inside: box.bottom > 0 && box.top < innerHeight, body: element === document.body, parent: [element.parentElement, element.closest("[data-row-holder]")].some((one) => one && (getComputedStyle(one).outlineStyle !== "none" || getComputedStyle(one).boxShadow !== "none")) };
		});
		if (at.body) break;
		seen.push(at);
	}
	assert.match(seen[0].what, /Skip/);
	assert.ok(seen.length >= 30);
	for (const at of seen) {
		assert.ok(at.ring || at.shadow || at.parent, `no ring around "${at.what}"`);
		assert.ok(at.inside, `"${at.what}" has the focus and is out of sight`);
	}
});

scene("a dialog keeps the focus, closes with Escape and gives it back", {}, async ({ page, go }) => {
	await go("/find?q=pumppu");
	await settled(page);
	const why = page.getByRole("button", { name: "Why?" }).first();
	await why.focus();
	await page.keyboard.press("Enter");
	const dialog = page.getByRole("dialog");
	await dialog.waitFor();
	for (let n = 0; n < 15; n++) {
		await page.keyboard.press("Tab");
		assert.ok(await page.evaluate(() => !!document.activeElement.closest("dialog") || document.activeElement === document.body), "the focus stays inside");
	}
	await page.keyboard.press("Escape");
	await dialog.waitFor({ state: "hidden" });
	assert.equal(await why.evaluate((element) => element === document.activeElement), true);
});

scene("shortcuts do nothing while one types, and can be switched off", {}, async ({ page, go }) => {
	await go("/account");
	await page.getByRole("checkbox", { name: /Keyboard shortcuts/ }).uncheck();
	await go("/find?q=pumppu");
	await settled(page);
	await page.evaluate(() => document.activeElement.blur());
	await page.keyboard.press("j");
	assert.doesNotMatch((await focused(page)) ?? "", /^r-\d+$/);
});

// ---- languages ----
const LANGUAGES = [["fi-FI", "fi", "Lähteet", /\d{1,2}\.\d{1,2}\.\d{4}/], ["sv-FI", "sv", "Källor", /\d{1,2}\.\d{1,2}\.\d{4}/], ["en-GB", "en", "Sources", /\d{2}\/\d{2}\/\d{4}/], ["de-DE", "en", "Sources", /\d/]];
for (const [language, lang, word, date] of LANGUAGES)
	scene(`the browser's language decides: ${language}`, { language }, async ({ page, go }) => {
		await go("/find?q=huolto");
		await settled(page);
		assert.equal(await page.locator("html").getAttribute("lang"), lang);
		await page.getByRole("navigation").getByRole("link", { name: word }).waitFor();
		assert.match((await page.locator("main time").allInnerTexts()).join(" "), date, "dates are written as there");
	});

scene("a language is chosen, holds after a reload, and no text is left in another", {}, async ({ page, go }) => {
	await go("/account");
	await page.getByText("Svenska").click();
	await page.getByRole("button", { name: "Logga ut" }).waitFor();
	await page.reload();
	await page.getByRole("button", { name: "Logga ut" }).waitFor();
	assert.equal(await page.locator("html").getAttribute("lang"), "sv");
	for (const path of ["/", "/find?q=huolto", "/work", "/sources", "/account"]) {
		await go(path);
		await settled(page);
		const text = await page.locator("body").innerText();
		assert.doesNotMatch(text, /\b(Sources|Work list|Loading|Filters|Haetaan|Lähteet|Työlista|Suodattimet)\b/);
		assert.doesNotMatch(text, /\{[a-z]+\}|undefined|\[object|NaN/, "no gap is left unfilled");
	}
});

// ---- light and dark ----
const ground = (page) => page.evaluate(() => {
	const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[\d.]+/g).map(Number);
	return (r * 299 + g * 587 + b * 114) / 1000;
});
scene("light and dark follow the device, and can be chosen", { dark: true }, async ({ page, go }) => {
	await go("/account");
	await settled(page);
	assert.ok((await ground(page)) < 80, "dark");
	await page.getByText("Light", { exact: true }).click();
	assert.ok((await ground(page)) > 180, "light is chosen");
	await page.reload();
	await settled(page);
	assert.ok((await ground(page)) > 180, "and remembered");
	await page.getByText("As the device").click();
	assert.ok((await ground(page)) < 80);
});

// ---- on a phone ----
scene("on a phone: search, narrow, open a record, write a note", { width: 390, height: 844, touch: true }, async ({ page, go }) => {
	await go("/");
	await settled(page);
	await fits(page);
	await page.getByRole("combobox", { name: "Search customers and records" }).tap();
	await page.keyboard.type("virtasen konepaja");
	await page.getByRole("option", { name: /Virtasen Konepaja Oy/ }).first().waitFor();
	await fits(page);
	await page.keyboard.press("Enter");
	await page.waitForURL("**/find*");
	await settled(page);
	await fits(page);
	await page.getByText("Filter", { exact: true }).first().tap();
	await page.getByRole("link", { name: /^tickets/ }).first().tap();
	await page.waitForURL(/source=tickets/);
	await settled(page);
	await page.getByRole("main").getByRole("article").first().getByRole("link").first().tap();
	await page.getByRole("region", { name: "Record", exact: true }).getByRole("heading").first().waitFor();
	await fits(page);
	const who = await customer("Virtasen Konepaja");
	await go(`/customer/${who.id}`);
	await settled(page);
	await page.getByRole("button", { name: "Write a note" }).tap();
	await page.getByRole("textbox", { name: "What should others know?" }).waitFor();
	await fits(page);
	for (const box of await page.getByRole("button").evaluateAll((all) => all.filter((one) => one.getClientRects().length).map((one) => ({ text: one.textContent || one.ariaLabel, h: one.getBoundingClientRect().height, w: one.getBoundingClientRect().width }))))
		assert.ok(box.h >= 24 && box.w >= 24, `"${box.text}" is too small to be touched: ${box.w} x ${box.h}`);
});

for (const width of [320, 768, 1920, 2560])
	scene(`nothing is wider than a window of ${width}`, { width, height: 800 }, async ({ page, go }) => {
		const who = await customer("Meriharjun Meijeri");
		for (const path of ["/", "/find?q=pumppu", `/customer/${who.id}`, "/work", "/sources", "/account"]) {
			await go(path);
			await settled(page);
			await fits(page);
		}
	});

// ---- states ----
scene("while something is loaded, that is said, and the place of it is kept", {}, async ({ page, go }) => {
	let release;
	const gate = new Promise((resolve) => (release = resolve));
	await page.route("**/api/v1/find*", async (route) => {
		await gate;
		await route.continue();
	});
	await go("/find?q=pumppu");
	await page.getByRole("status").filter({ hasText: "Loading…" }).first().waitFor();
	release();
	await page.getByRole("main").getByRole("article").first().waitFor();
});

scene("when the hub fails, that is said, and trying again is a button", { allow: [/find/] }, async ({ page, go }) => {
	let bad = true;
	await page.route("**/api/v1/find*", (route) => (bad ? route.fulfill({ status: 500, contentType: "application/problem+json", body: '{"type":"about:blank","title":"Internal","status":500,"code":"internal"}' }) : route.continue()));
	await go("/find?q=pumppu");
	await page.getByRole("alert").filter({ hasText: "Something went wrong" }).waitFor();
	bad = false;
	await page.getByRole("button", { name: "Try again" }).click();
	await page.getByRole("main").getByRole("article").first().waitFor();
});

scene("throttled: how long to wait is said", { allow: [/find/] }, async ({ page, go }) => {
	await page.route("**/api/v1/find*", (route) => route.fulfill({ status: 429, headers: { "Retry-After": "7" }, contentType: "application/problem+json", body: '{"status":429,"code":"throttled"}' }));
	await go("/find?q=pumppu");
	await page.getByRole("alert").filter({ hasText: "Wait 7 seconds" }).waitFor();
});

scene("without a network, what was loaded stays, and the way back is found", { allow: [/./] }, async ({ page, go, context }) => {
	await go("/find?q=pumppu");
	await settled(page);
	await context.setOffline(true);
	await page.getByRole("link", { name: "Newest first" }).click();
	await page.getByRole("alert").filter({ hasText: "Meri cannot be reached" }).first().waitFor();
	await context.setOffline(false);
	// the page tries by itself, too, and may be quicker
	await page.getByRole("button", { name: "Try again" }).click({ timeout: 2000 }).catch(() => {});
	await page.getByRole("main").getByRole("article").first().waitFor();
});

scene("nothing found, nothing there, nobody: each says what to do", { allow: [/999999/] }, async ({ page, go }) => {
	await go("/find?q=zzyzzxqq");
	await page.getByText("Try fewer or other words").waitFor();
	await go("/customer/999999");
	await page.getByRole("alert").filter({ hasText: "It does not exist, or you may not see it." }).waitFor();
	await go("/record/999999");
	await page.getByRole("alert").filter({ hasText: "It does not exist, or you may not see it." }).waitFor();
	await go("/jotain/muuta");
	await page.getByRole("link", { name: "To the start page", exact: true }).click();
	await page.waitForURL(`${url}/`);
});

scene("print and the title of the tab tell what one is looking at", {}, async ({ page, go }) => {
	const who = await customer("Valo Oy");
	await go(`/customer/${who.id}`);
	await page.waitForFunction(() => document.title.includes("Valo Oy"));
	await go("/find?q=pumppu");
	await page.waitForFunction(() => document.title.includes("pumppu"));
});

scene("headers: a strict policy, nothing inline, no sniffing, no frames", {}, async ({ go }) => {
	const reply = await go("/");
	const headers = reply.headers();
	const policy = headers["content-security-policy"] ?? "";
	assert.match(policy, /default-src 'none'|default-src 'self'/);
	assert.doesNotMatch(policy, /unsafe-eval|script-src[^;]*unsafe-inline|https?:|\*/);
	assert.match(policy, /frame-ancestors 'none'/);
	assert.equal(headers["x-content-type-options"], "nosniff");
	assert.match(headers["referrer-policy"] ?? "", /no-referrer|same-origin/);
});

scene("the policy holds: a script put into the page does not run", { allow: [/./] }, async ({ page, go, faults }) => {
	await go("/");
	await settled(page);
	await page.evaluate(() => {
		const script = document.createElement("script");
		script.textContent = "window.__ran = true";
		document.body.append(script);
		const image = document.createElement("img");
		image.setAttribute("onerror", "window.__ran = true");
		image.src = "/nothing.png";
		document.body.append(image);
	});
	await page.waitForTimeout(300);
	assert.equal(await page.evaluate(() => window.__ran), undefined);
	assert.ok(faults.some((fault) => /policy: script-src/.test(fault)), "and the browser says why");
	faults.length = 0;
});
