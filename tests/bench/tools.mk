# tests/tools/NAME.c is a program for tests, linked with what both sides of the wire share.
TOOLS := $(patsubst tests/tools/%.c,$(B)/tests/tools/%,$(wildcard tests/tools/*.c))
.PHONY: tools
tools: $(TOOLS)
check-flow check-hostile: $(TOOLS)
$(B)/tests/tools/%: tests/tools/%.c $(B)/lib/both.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -MF $@.d -o $@ $< $(B)/lib/both.a $(LDFLAGS) \
		$(shell pkg-config --libs glib-2.0 gio-2.0 jansson libsodium)
