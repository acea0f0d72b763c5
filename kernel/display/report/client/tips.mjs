/** Shows what stands behind a number while it is pointed at or has the focus; Escape takes it away. */
export function showTips() {
	/** @type {HTMLElement | null} */
	let shown = null;
	const hide = () => {
		shown?.classList.remove('shown');
		shown = null;
	};
	const show = (/** @type {Event} */ event) => {
		const number = /** @type {Element} */ (event.target).closest?.('.est');
		const tip = /** @type {HTMLElement | null} */ (number?.querySelector('.tip') ?? null);
		if (tip === shown) return;
		hide();
		if (!number || !tip) return;
		shown = tip;
		tip.classList.add('shown');
		place(tip, number.getBoundingClientRect());
	};
	document.addEventListener('pointerover', show);
	document.addEventListener('focusin', show);
	document.addEventListener('focusout', hide);
	document.addEventListener('keydown', (event) => {
		if (event.key === 'Escape') hide();
	});
	const follow = () => {
		const number = shown?.closest('.est');
		if (shown && number) place(shown, number.getBoundingClientRect());
	};
	document.addEventListener('scroll', follow, { capture: true, passive: true });
}

/**
 * Under the number, or above it where there is no room; never beyond the window.
 * @param {HTMLElement} tip
 * @param {DOMRect} number
 */
function place(tip, number) {
	const { width, height } = tip.getBoundingClientRect();
	const left = Math.max(8, Math.min(number.left, innerWidth - width - 8));
	const below = number.bottom + 6;
	const top = below + height > innerHeight ? Math.max(8, number.top - height - 6) : below;
	tip.style.left = `${left}px`;
	tip.style.top = `${top}px`;
}
