# The page's files become C: npm's packages as the lock file says, then tools/embed.mjs. Included by the Makefile.
WEB      := core/web
WEB_SRC  := $(WEB)/index.html $(WEB)/favicon.svg $(wildcard $(WEB)/app/*.js $(WEB)/parts/*.js $(WEB)/views/*.js $(WEB)/words/*.js $(WEB)/style/*.css)
WEB_GEN  := $(B)/gen/web_files.c
# 150 KiB is what the whole page may weigh on the wire.
WEB_MOST := 153600

$(B)/lib/core.a: $(B)/obj/gen/web_files.o
$(B)/obj/gen/web_files.o: $(WEB_GEN)
	@mkdir -p $(@D)
	$(call say,CC)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$(B)/web/installed: $(WEB)/package-lock.json $(WEB)/package.json $(WEB)/.npmrc
	@mkdir -p $(@D)
	$(call say,NPM)
	$(Q)cp $(WEB)/package.json $(WEB)/.npmrc $(WEB)/package-lock.json $(@D)/
	$(Q)cd $(@D) && npm ci --ignore-scripts --prefer-offline --loglevel=error >npm.log 2>&1 || { cat npm.log >&2; \
		echo "core/web: npm could not install the page's packages: the first build needs its registry" >&2; exit 1; }
	$(Q)touch $@

$(WEB_GEN): $(B)/web/installed $(WEB_SRC) $(WEB)/tools/embed.mjs $(WEB)/tools/words.mjs
	@mkdir -p $(@D)
	$(call say,WEB)
	$(Q)node $(WEB)/tools/words.mjs $(WEB)/words
	$(Q)node $(WEB)/tools/embed.mjs $(WEB) $(B)/web/node_modules $(WEB_MOST) $@
