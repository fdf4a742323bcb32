// Every view of the page and every state of it that is designed: where it is, who looks, and what to do until it stands. Used by the
// pictures, by axe and by the hostile sources.
import { ask, customer, get, post } from "./hub.mjs";

// The event stream keeps a page from ever being idle: what counts is that it shows a heading, and nothing says that it loads.
// `late`: ms for what comes after that.
export async function settled(page, late = 100) {
	await page.waitForFunction(() => document.querySelector("main h1, main [role=alert]") && ![...document.querySelectorAll("[role=status]")].some((one) => /^(Loading|Haetaan|Hämtar)…$/.test(one.textContent.trim())));
	if (late) await page.waitForTimeout(late);
}

// What the addresses need to know. `mark`: the name of a customer with much about it.
export async function facts(mark = "Virtasen Konepaja") {
	const who = await customer(mark);
	const found = await get(`/find?q=${encodeURIComponent(mark.split(" ").at(-1))}&n=50`);
	const threaded = found.hits.find((hit) => hit.more_in_thread > 0) ?? found.hits[0];
	const invited = await ask("POST", "/api/v1/users", { body: { name: `uusi${process.pid}.${Date.now() % 100000}`, full_name: "Uusi Työntekijä", teams: ["sales"] } });
	const link = (await post(`/users/${invited.json.user?.id ?? invited.json.id}/invite`)).link;
	return { customer: who, record: threaded, welcome: new URL(link, "http://x").search };
}

// {name, as, path, act}
export const views = ({ customer, record, welcome }) => [
	{ name: "login", as: null, path: "/login" },
	{ name: "welcome", as: null, path: `/welcome${welcome}` },
	{ name: "welcome-expired", as: null, path: "/welcome?key=vanha", allow: [/welcome/] },
	{ name: "home", as: "sanna", path: "/" },
	{ name: "offers", as: "sanna", path: "/", act: async (page) => {
		await page.getByRole("combobox").fill("virtasen");
		await page.getByRole("option").first().waitFor();
	} },
	{ name: "find", as: "sanna", path: "/find?q=huolto" },
	{ name: "find-limited", as: "sanna", path: "/find?q=huolto&source=tickets&kind=ticket&year=2026" },
	{ name: "find-nothing", as: "sanna", path: "/find?q=zzyzzxqq" },
	{ name: "find-read", as: "sanna", path: `/find?q=${encodeURIComponent("komprssori kind:tiketti after:huomenna")}` },
	{ name: "find-empty", as: "sanna", path: "/find" },
	{ name: "customer", as: "sanna", path: `/customer/${customer.id}` },
	{ name: "customer-limited", as: "sanna", path: `/customer/${customer.id}?kind=ticket` },
	{ name: "customer-absent", as: "sanna", path: "/customer/999999", allow: [/customers\/999999/] },
	{ name: "record", as: "sanna", path: `/record/${record.id}` },
	{ name: "record-absent", as: "sanna", path: "/record/999999", allow: [/records\/999999/] },
	{ name: "note", as: "sanna", path: `/customer/${customer.id}`, act: async (page) => {
		await page.getByRole("button", { name: NOTE }).click();
		await page.getByRole("region", { name: NOTE }).waitFor();
	} },
	{ name: "why", as: "sanna", path: `/customer/${customer.id}`, act: async (page) => {
		await page.getByRole("button", { name: WHY }).first().click();
		await page.getByRole("dialog").getByRole("link").first().waitFor();
	} },
	{ name: "drawer", as: "sanna", path: `/find?q=huolto&open=${record.id}` },
	{ name: "correct", as: "sanna", path: `/customer/${customer.id}`, act: async (page) => {
		await page.getByRole("button", { name: CORRECT }).first().click();
		await page.getByRole("dialog").waitFor();
	} },
	{ name: "work", as: "sanna", path: "/work" },
	{ name: "work-unmatched", as: "sanna", path: "/work?tab=unmatched" },
	{ name: "sources", as: "antero", path: "/sources" },
	{ name: "sources-staff", as: "sanna", path: "/sources" },
	{ name: "source", as: "antero", path: "/sources/tickets" },
	{ name: "source-failures", as: "antero", path: "/sources/tickets?tab=failures" },
	{ name: "users", as: "antero", path: "/users" },
	{ name: "users-refused", as: "sanna", path: "/users", allow: [/users/] },
	{ name: "audit", as: "antero", path: "/audit" },
	{ name: "account", as: "sanna", path: "/account" },
	{ name: "missing", as: "sanna", path: "/ei/ole" },
	{ name: "keys", as: "sanna", path: "/", act: async (page) => {
		await page.evaluate(() => document.activeElement.blur()); // the box has it
		await page.keyboard.press("?");
		await page.getByRole("dialog").waitFor();
	} },
];
// In the three languages, for views are shown in all of them.
const NOTE = /^(Write a note|Kirjoita muistiinpano|Skriv en anteckning)$/;
const WHY = /^(Why\?|Miksi\?|Varför\?)$/;
const CORRECT = /^(Correct|Korjaa|Rätta)$/;
