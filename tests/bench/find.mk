# bench-find: how long an answer takes at FIND_RECORDS records; needs the packs mail-list, tickets-jira and relevance. The store is
# made once (minutes) and kept in the build folder.
FIND_RECORDS ?= 1000000
$(B)/bench/bench_find: tests/bench/bench_find.c $(B)/lib/core.a $(B)/lib/both.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS_core)
bench-find: $(B)/bench/bench_find
	$< $(or $(MERI_DATA),.data) $(B)/bench/find-$(FIND_RECORDS).db $(FIND_RECORDS)
