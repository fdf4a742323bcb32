// Pictures of every view, to be looked at: $HUB_PICTURES/VIEW-WIDTH-light.png and so on.
import { join } from "node:path";
import { makePeople, url } from "./lib/hub.mjs";
import { open, visit } from "./lib/scene.mjs";
import { facts, settled, views } from "./lib/views.mjs";

const only = process.env.ONLY ? new RegExp(process.env.ONLY) : /./;
await makePeople();
const known = await facts();
let bad = 0;
for (const [width, height] of [[1440, 900], [390, 844]])
	for (const dark of [false, true])
		for (const view of views(known).filter(({ name }) => only.test(name))) {
			const file = `${view.name}-${width}-${dark ? "dark" : "light"}.png`;
			const { page, context, faults } = await visit({ as: view.as, language: process.env.HUB_LANGUAGE ?? "fi-FI", dark, width, height, touch: width < 500, allow: view.allow });
			try {
				await page.goto(url + view.path);
				await settled(page);
				await view.act?.(page);
			} catch (error) {
				faults.push(error.message.split("\n")[0]);
			}
			await page.screenshot({ path: join(process.env.HUB_PICTURES, file), fullPage: !view.act });
			for (const fault of faults) console.log(`${file}: ${fault}`);
			bad += faults.length;
			await context.close();
		}
await (await open()).close();
process.exit(bad ? 1 : 0);
