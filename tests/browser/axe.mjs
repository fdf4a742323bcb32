// axe-core finds no violation on any view, light and dark, wide and narrow.
import { after } from "node:test";
import { assert, AxeBuilder, scene } from "./lib/scene.mjs";
import { makePeople } from "./lib/hub.mjs";
import { facts, settled, views } from "./lib/views.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
await makePeople();
const known = await facts();
let looked = 0;
for (const { name, as, path, act, allow } of views(known))
	scene(`axe: ${name}`, { as, allow, language: ["fi-FI", "sv-FI", "en-GB"][looked++ % 3] }, async ({ page, go }) => {
		await go(path);
		await settled(page);
		await act?.(page);
		const found = [];
		for (const [width, height] of [[1440, 900], [390, 844]])
			for (const colorScheme of ["light", "dark"]) {
				await page.setViewportSize({ width, height });
				await page.emulateMedia({ colorScheme });
				// all at once in this window: there are no frames, for which the other way opens a window more each time
				assert.equal(page.frames().length, 1);
				const axe = new AxeBuilder({ page }).setLegacyMode();
				// colours are what a dark page changes
				const { violations, passes } = await (colorScheme === "light" ? axe.withTags(TAGS) : axe.withRules(["color-contrast"])).analyze();
				assert.ok(passes.length > 0, "axe looked at nothing");
				for (const { id, nodes } of violations)
					found.push(`${id} (${width}, ${colorScheme}): ${nodes.slice(0, 3).map(({ html, any, all }) => `${html.slice(0, 160)} ${[...any, ...all][0]?.message ?? ""}`).join(" | ")}`);
			}
		assert.deepEqual(found, []);
	});
after(() => assert.ok(looked > 20, "there are views"));
