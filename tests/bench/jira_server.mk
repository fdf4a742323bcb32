# The stand-in for Jira needs an HTTP server beside what other tools need.
$(B)/tests/tools/jira_server: tests/tools/jira_server.c
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -MF $@.d -o $@ $< $(LDFLAGS) $(shell pkg-config --libs glib-2.0 jansson libmicrohttpd)
