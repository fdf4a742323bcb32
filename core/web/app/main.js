// main: starts the page.
import { h, render } from "/lib/preact.js";
render(h("main", null, "Meri"), document.getElementById("page"));
