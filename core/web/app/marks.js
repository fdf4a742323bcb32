// marks: where the words of a query stand in a text. The API counts in code points, JavaScript in UTF-16 units.

// [{text, mark}] that together are the text. Marks that overlap, go backwards or point past the end are mended.
export function pieces(text, marks) {
	const whole = text ?? "";
	if (!marks?.length) return whole ? [{ text: whole, mark: false }] : [];
	const points = Array.from(whole);
	const out = [];
	let at = 0;
	const add = (to, mark) => {
		if (to > at) out.push({ text: points.slice(at, to).join(""), mark });
		at = Math.max(at, to);
	};
	for (const [start, length] of [...marks].sort((a, b) => a[0] - b[0])) {
		add(Math.min(start, points.length), false);
		add(Math.min(start + length, points.length), true);
	}
	add(points.length, false);
	return out;
}
