# bench-index: how fast a mail archive goes in, beside `notmuch new` on the same messages, and what our words cost beside bare FTS5
# that is given the same tokens ready; needs the pack mail-list. ROUNDS says how often each; the best counts.
$(B)/bench/bench_tokens: tests/bench/bench_tokens.c $(B)/lib/core.a $(B)/lib/both.a
	@mkdir -p $(@D)
	$(call say,LD)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -o $@ $^ $(LDFLAGS) $(LIBS_core)
bench-index: all $(B)/bench/bench_tokens
	@B=$(B) tests/bench/bench_index.sh
