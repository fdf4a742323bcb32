/* early: what must be settled before the first paint: the colours that were chosen. */
try {
	const theme = localStorage.getItem("meri-theme");
	if (theme) document.documentElement.dataset.theme = theme;
} catch {
	/* storage is shut: the system decides */
}
