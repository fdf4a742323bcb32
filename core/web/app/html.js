// html: how components are written: preact's elements through htm's templates. Whatever stands in ${} is text, never
// markup; the page uses nothing that would make markup of it.
import { h } from "/lib/preact.js";
import htm from "/lib/htm.js";

export const html = htm.bind(h);
export { Fragment, render, createContext } from "/lib/preact.js";
export { useState, useEffect, useLayoutEffect, useMemo, useRef, useCallback, useContext } from "/lib/hooks.js";

// Class names out of words that may be missing: cx("row", open && "is-open").
export const cx = (...words) => words.filter(Boolean).join(" ");
