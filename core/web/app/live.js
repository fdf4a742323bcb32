// live: what sources do, as it happens: the hub's server-sent events laid over what was asked for once.
import { useEffect, useState } from "./html.js";
import { set } from "./state.js";

// {live: {name: source}, on: is the line open}. The browser opens it again by itself when it breaks.
export function useLive() {
	const [live, setLive] = useState({});
	const [on, setOn] = useState(false);
	useEffect(() => {
		const line = new EventSource("/api/v1/events");
		line.addEventListener("open", () => (setOn(true), set({ offline: false })));
		line.addEventListener("error", () => setOn(false));
		line.addEventListener("source", (event) => {
			try {
				const source = JSON.parse(event.data);
				setLive((old) => ({ ...old, [source.name]: source }));
			} catch {
				/* half a message of a line that broke: the next one is whole */
			}
		});
		return () => line.close();
	}, []);
	return { live, on };
}
