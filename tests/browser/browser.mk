# The packages that drive the page in tests: npm's, as the lock file says; only where there is a Chromium to drive. Included by the
# Makefile. `make screenshots` writes every view of the page into $(B)/screenshots, to be looked at.
BROWSER := tests/browser
$(B)/browser/installed: $(BROWSER)/package-lock.json $(BROWSER)/package.json $(BROWSER)/.npmrc
	@mkdir -p $(@D)
	$(call say,NPM)
	$(Q)cp $(BROWSER)/package.json $(BROWSER)/.npmrc $(BROWSER)/package-lock.json $(@D)/
	$(Q)if command -v chromium >/dev/null || command -v chromium-browser >/dev/null; then \
		cd $(@D) && npm ci --ignore-scripts --prefer-offline --loglevel=error >npm.log 2>&1 && touch installed || { cat npm.log >&2; \
		echo "$(BROWSER): npm could not install the packages of the browser tests: the first time needs its registry" >&2; exit 1; } fi

.PHONY: screenshots
screenshots: all $(B)/browser/installed
	@B=$(B) $(BROWSER)/screenshots
