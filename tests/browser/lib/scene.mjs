// A scene: somebody opens the page in a browser of their own and does something. Whatever the browser complains about on the way
// fails the scene: an error in the console, a violation of the policy, a request that failed, a request to another host, a
// question box, a second window.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import assert from "node:assert/strict";
import { makePeople, need, session, url } from "./hub.mjs";

const { chromium } = need("playwright-core");
export const { AxeBuilder } = need("@axe-core/playwright");
export const FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
	"--disable-component-update", "--disable-sync"];
export const PATIENCE = Number(process.env.MERI_PATIENCE ?? 8) * 1000; // ms that the page may take for anything

let browser = null;
export async function open() {
	browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: FLAGS });
	return browser;
}

const host = () => new URL(url).host;

// Notes what the browser complains about. `allow`: patterns of addresses whose requests may fail, "METHOD /path?query" each.
function watch(context, allow) {
	const faults = [];
	const allowed = (method, address) => allow.some((pattern) => pattern.test(`${method} ${address.replace(url, "")}`));
	const onPage = (page) => {
		page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
		page.on("dialog", (dialog) => {
			if (dialog.type() !== "beforeunload") faults.push(`${dialog.type()}: ${dialog.message()}`);
			dialog.accept().catch(() => {});
		});
		page.on("console", (message) => {
			if (!["error", "warning"].includes(message.type())) return;
			const from = message.location().url ?? "";
			if (/Failed to load resource/.test(message.text()) && ["GET", "POST", "PATCH", "DELETE"].some((method) => allowed(method, from))) return;
			faults.push(`console: ${message.text()} (${from})`);
		});
	};
	context.on("page", onPage);
	context.on("request", (request) => {
		const at = new URL(request.url());
		if (!["data:", "blob:"].includes(at.protocol) && at.host !== host()) faults.push(`another host: ${request.url()}`);
	});
	context.on("requestfailed", (request) => {
		const why = request.failure()?.errorText ?? "";
		if (why === "net::ERR_ABORTED" || allowed(request.method(), request.url())) return; // the page itself gave it up
		faults.push(`failed: ${request.method()} ${request.url()} ${why}`);
	});
	context.on("response", (reply) => {
		if (reply.status() >= 400 && !allowed(reply.request().method(), reply.url())) faults.push(`${reply.status()}: ${reply.request().method()} ${reply.url()}`);
	});
	return faults;
}

// A window of somebody: {page, context, faults}. `as`: who, null for nobody yet.
export async function visit({ as = "sanna", language = "en-GB", dark = false, width = 1440, height = 900, allow = [], touch = false } = {}) {
	const context = await (await open()).newContext({ locale: language, colorScheme: dark ? "dark" : "light", viewport: { width, height }, hasTouch: touch,
		timezoneId: "Europe/Helsinki", serviceWorkers: "block", reducedMotion: "reduce" });
	context.setDefaultTimeout(PATIENCE);
	const faults = watch(context, allow);
	if (as) {
		const { cookie } = await session(as);
		await context.addCookies([{ ...cookie, url, httpOnly: true, sameSite: "Strict" }]);
	}
	await context.addInitScript(() => {
		document.addEventListener("securitypolicyviolation", (event) => console.error(`policy: ${event.violatedDirective} ${event.blockedURI}`));
	});
	const page = await context.newPage();
	return { page, context, faults };
}

let ready = null;
let count = 0;
// scene(name, options of visit, async ({page, context}) => ...)
export function scene(name, options, play) {
	if (process.env.ONLY && !new RegExp(process.env.ONLY).test(name)) return; // while one is being mended
	if (process.env.HALF && count++ % 2 !== Number(process.env.HALF)) return; // the other half is another process's
	test(name, { timeout: 120000 }, async (t) => {
		await (ready ??= makePeople());
		const stage = await visit(options);
		try {
			await play({ ...stage, t, go: (path) => stage.page.goto(url + path) });
			assert.deepEqual(stage.faults, [], "the browser complained");
		} catch (error) {
			if (process.env.HUB_FAILED) {
				mkdirSync(process.env.HUB_FAILED, { recursive: true });
				await stage.page.screenshot({ path: join(process.env.HUB_FAILED, `${name.replace(/[^\p{L}\p{N}]+/gu, "-").slice(0, 80)}.png`) }).catch(() => {});
			}
			if (stage.faults.length) error.message += `\nthe browser complained: ${stage.faults.join("; ")}`;
			throw error;
		} finally {
			await stage.context.close();
		}
	});
}

after(async () => browser?.close());

// Nothing is wider than the window.
export async function fits(page) {
	const [wide, window] = await page.evaluate(() => [Math.max(document.documentElement.scrollWidth, document.body.scrollWidth), document.documentElement.clientWidth]);
	if (wide <= window) return;
	// which element it is
	const widest = await page.evaluate((limit) => [...document.body.querySelectorAll("*")].filter((one) => one.getBoundingClientRect().right > limit + 1).slice(-1).map((one) => `${one.tagName.toLowerCase()}.${one.className}`)[0], window);
	assert.fail(`${new URL(page.url()).pathname} is ${wide} pixels wide in a window of ${window}: ${widest}`);
}

export { assert };
