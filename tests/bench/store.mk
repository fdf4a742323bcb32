# How fast records go in, beside a bare FTS5 table on the same rows in the same run.
.PHONY: bench-store
bench-store: $(B)/bench/bench_store
	$<
$(B)/bench/bench_store: tests/bench/bench_store.c $(B)/lib/core.a $(B)/lib/both.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $< $(B)/lib/core.a $(B)/lib/both.a $(LDFLAGS) $(LIBS_core)
